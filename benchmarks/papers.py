"""Papers a second of one core (processor time): Typst, the seal, both, and WeasyPrint with the same words; and a whole batch on two cores.

``python benchmarks/papers.py [--papers 200] [--runs 3] [--batch 10000]``. Every paper has a name, a number and codes of its
own. WeasyPrint comes with ``pip install -r requirements/bench.txt`` and needs Pango from the system.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import yaml

from assessment.adapters.papers.sheet import Attachment, Code, Sheet, sheet_of
from assessment.domain.certifying.certificate import Certificate, CertificateState, HolderCard, HolderName
from assessment.domain.certifying.paper import paper_text, read_paper
from assessment.domain.schemes.scheme import Title
from shared.identity.seals import make_development_seal

RULES = Path(__file__).parents[1] / "programmes/tibet-special-training/batch-3/assessment.yaml"
FAMILY = "次仁扎西旦增洛桑央金卓玛格桑德吉平措王李张刘陈"
CREDENTIAL = "eyJhbGciOiJFUzI1NiJ9." + "QWxsIHRoYXQgYSBjcmVkZW50aWFsIHNheXM" * 60 + ".c2lnbmF0dXJl"
_PAGE = """<html lang=zh><head><title>{title}</title><style>@font-face {{font-family: A; src: url(file://{chinese})}}
@font-face {{font-family: B; src: url(file://{tibetan})}} @page {{size: A4 landscape; margin: 20mm}}
body {{font: 13pt A, B; text-align: center}} img {{width: 25mm}}</style></head><body><h1>{title}</h1>{lines}{codes}</body>"""


def sheets(count: int, first: int = 0) -> Iterator[Sheet]:
    """Sheets that differ in name, number and codes."""
    content = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    titles = {name: Title(**content[name]) for name in ("programme_title", "issuer_title")}
    rule = read_paper(
        content["certificate"]["paper"], title=Title(**content["certificate"]["title"]),
        programme=titles["programme_title"], seal=titles["issuer_title"],
    )  # fmt: skip
    for n in range(first, first + count):
        name = "".join(FAMILY[(n * step + step) % len(FAMILY)] for step in (1, 3, 7))
        card = HolderCard(HolderName(name, "ཚེ་རིང་སྒྲོལ་མ", f"Tsering {n}"), titles["programme_title"])
        text = paper_text(rule, _issued(n), card)
        codes = [
            Code(f"https://talent.example/verify/{n:022d}", "QR code", "在线查验 · Check online"),
            Code(f"https://talent.example/verify#slip={n:0330d}", "QR code", "离线查验 · Check offline", "l"),
        ]
        inside = Attachment("credential.jwt", CREDENTIAL, "application/vc+jwt", "alternative", "The credential")
        yield sheet_of(text, codes, [inside])


def _issued(n: int) -> Certificate:
    return Certificate(
        id=UUID(int=n), participation=UUID(int=n), assessment=UUID(int=n), account="a", programme="p", batch="b",
        session="2024", unit="cn", scheme_version="v", requested_on=date(2025, 8, 1), number=f"XZTP4-2024-{n:05d}-7",
        issued_on=date(2025, 8, 1), state=CertificateState.ISSUED,
    )  # fmt: skip


def press(folder: Path) -> Any:
    """A press with the seal in ``folder``."""
    from assessment.adapters.papers.pressing import PrintingPress
    from assessment.adapters.papers.sealing import LocalSealKey, Sealer

    return PrintingPress(Sealer(LocalSealKey(folder / "key.pem", folder / "chain.pem")))


def print_many(folder: Path, first: int, count: int) -> int:
    """Set and seal papers in this process; gives their bytes."""

    async def printed() -> int:
        made = press(folder)
        return sum([len(await made.paper(sheet)) for sheet in sheets(count, first)])

    return asyncio.run(printed())


def rate(count: int, runs: int, work: Callable[[], object]) -> float:
    """The median of papers a second of processor time over some runs, after one that warms up: what one free core does."""
    work()
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return count / statistics.median(seconds)


def weasyprint_rate(made: list[Sheet], runs: int) -> str:
    """The same words by WeasyPrint as PDF/A-3u, or why it does not run."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        return f"does not run: {str(error).splitlines()[0]}"
    fonts = Path(__file__).parents[1] / "services/assessment/src/assessment/adapters/papers/fonts"
    configuration = weasyprint.text.fonts.FontConfiguration()

    def one(sheet: Sheet) -> bytes:
        words = [*sheet["title"].values(), *sheet["programme"].values(), *sheet["body"].values(), sheet["number"]]
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in words)
        page = _PAGE.format(
            title=sheet["title"]["zh"], lines=lines, codes="".join(code["svg"] for code in sheet["codes"]),
            chinese=fonts / "NotoSerifCJKsc-Regular.otf", tibetan=fonts / "NotoSerifTibetan-Regular.ttf",
        )  # fmt: skip
        document = weasyprint.HTML(string=page)
        made: bytes = document.write_pdf(pdf_variant="pdf/a-3u", font_config=configuration)
        return made

    return f"{rate(len(made), runs, lambda: [one(sheet) for sheet in made]):.1f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=0, help="papers of one batch on two processes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_development_seal(*(folder / f"{part}.pem" for part in ("key", "chain", "root")), organisation="bench")
        made = list(sheets(asked.papers))
        one = press(folder)
        set_ones = [one._typesetter.pdf(sheet) for sheet in made]

        async def seal_all() -> None:
            for pdf in set_ones:
                await one._sealer.seal(pdf)

        async def whole() -> None:
            for sheet in made:
                await one.paper(sheet)

        fresh = iter(sheets(asked.papers * (asked.runs + 1), 100_000))
        print(f"load before: {psutil.getloadavg()[0]:.1f}; {asked.papers} papers a run, median of {asked.runs} runs")
        print(
            f"Typst, set only          {rate(asked.papers, asked.runs, lambda: [one._typesetter.pdf(next(fresh)) for _ in made]):8.1f} /s"
        )
        print(f"seal only (P-256, B-B)   {rate(asked.papers, asked.runs, lambda: asyncio.run(seal_all())):8.1f} /s")
        print(f"WeasyPrint, set only     {weasyprint_rate(made[:20], asked.runs)} /s")
        print(f"bytes of a sealed paper  {print_many(folder, 0, 20) // 20}")
        print(f"memory of a press        {psutil.Process().memory_info().rss / 2**20:.0f} MiB (with this bench)")
        if asked.batch:
            start = time.perf_counter()
            with ProcessPoolExecutor(2, get_context("spawn")) as pool:  # a forked child would wait for threads it lacks
                parts = [pool.submit(print_many, folder, n, 500) for n in range(0, asked.batch, 500)]
                size = sum(part.result() for part in parts)
            seconds = time.perf_counter() - start
            print(
                f"batch of {asked.batch} on two processes: {seconds:.1f} s, {asked.batch / seconds:.1f} /s, {size / 2**20:.0f} MiB"
            )


if __name__ == "__main__":
    main()
