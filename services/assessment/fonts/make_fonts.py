"""Makes the fonts that certificates are printed with, from fonts that may be redistributed (SIL Open Font License 1.1).

``python make_fonts.py NotoSerifCJK-Regular.ttc fontsource-noto-serif-tibetan-5.3.0.tgz``: the first comes from Debian's
``fonts-noto-cjk``, the second from npm (``npm pack @fontsource/noto-serif-tibetan@5.3.0``). Writes, into the package:
``NotoSerifCJKsc-Regular.otf`` (every ideograph the face has, so that rare characters of names print),
``NotoSerifTibetan-Regular.ttf`` and ``coverage.txt`` (what both together can print, as ranges); and into the gateway the
``woff2`` that the public page shows Tibetan with, as it is in the npm package.
"""

from __future__ import annotations

import io
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).parent
PRINTED = HERE.parent / "src" / "assessment" / "adapters" / "papers" / "fonts"
SHOWN = HERE.parents[2] / "gateway" / "src" / "gateway" / "adapters" / "pages" / "static"
FACE = "Noto Serif CJK SC"
UNICODES = (
    "0020-017F,01CD-01DC,0300-030C,2010-2027,2030-203E,20AC,2116,2160-2188,2190-2193,25CB,25CF,2605,2606,2E80-2FDF,"
    "3000-303F,3400-4DBF,4E00-9FFF,F900-FAFF,FE10-FE1F,FE30-FE4F,FF01-FFEF,20000-3FFFF"
)
"""Latin with pinyin, punctuation, and every ideograph: the unified block, extension A and what the face has beyond."""
OPTIONS = (
    "--layout-features=kern,ccmp", "--no-hinting", "--name-IDs=0,1,2,3,4,5,6,13,14", "--notdef-outline",
    "--no-glyph-names", "--drop-tables+=vhea,vmtx,VORG",
)  # fmt: skip


def chinese(collection: Path, target: Path) -> set[int]:
    """Cut the face out of the collection; gives the code points it prints."""
    whole = next(
        font for font in TTCollection(str(collection), lazy=True).fonts if font["name"].getDebugName(4) == FACE
    )
    full = target.with_suffix(".full")
    whole.save(str(full))
    subset.main([str(full), f"--output-file={target}", f"--unicodes={UNICODES}", *OPTIONS])
    full.unlink()
    return set(TTFont(str(target)).getBestCmap())


def tibetan(package: Path, target: Path, shown: Path) -> set[int]:
    """Unpack the Tibetan face for print and for the page; gives the code points it prints."""
    with tarfile.open(package) as archive:

        def member(name: str) -> bytes:
            found = archive.extractfile(f"package/files/noto-serif-tibetan-tibetan-400-normal.{name}")
            assert found is not None
            return found.read()

        font = TTFont(io.BytesIO(member("woff")))
        shown.write_bytes(member("woff2"))
    font.flavor = None
    font.save(str(target))
    return set(font.getBestCmap())


def ranges(points: Iterable[int]) -> Iterator[str]:
    """Sorted code points as lines ``first-last`` in hexadecimal."""
    first = last = -2
    for point in [*sorted(points), sys.maxunicode + 2]:
        if point != last + 1:
            if first >= 0:
                yield f"{first:X}-{last:X}"
            first = point
        last = point


def main(collection: Path, package: Path) -> None:
    """Make all three files and the list of what they cover."""
    points = chinese(collection, PRINTED / "NotoSerifCJKsc-Regular.otf")
    points |= tibetan(package, PRINTED / "NotoSerifTibetan-Regular.ttf", SHOWN / "noto-serif-tibetan.woff2")
    (PRINTED / "coverage.txt").write_text("\n".join(ranges(points)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
