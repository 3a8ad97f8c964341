"""Names put together from parts; whoever bears one of them by chance is not meant."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in Chinese, in Tibetan script where the name is Tibetan, and in Latin letters."""

    zh: str
    bo: str | None
    latin: str


FIRST = [
    ("扎西", "བཀྲ་ཤིས", "Tashi"), ("次仁", "ཚེ་རིང", "Tsering"), ("多吉", "རྡོ་རྗེ", "Dorje"), ("平措", "ཕུན་ཚོགས", "Phuntsok"),
    ("格桑", "སྐལ་བཟང", "Kelsang"), ("白玛", "པདྨ", "Pema"), ("尼玛", "ཉི་མ", "Nyima"), ("达瓦", "ཟླ་བ", "Dawa"),
    ("米玛", "མིག་དམར", "Migmar"), ("边巴", "སྤེན་པ", "Penpa"), ("巴桑", "པ་སངས", "Pasang"), ("普布", "ཕུར་བུ", "Phurbu"),
    ("拉巴", "ལྷག་པ", "Lhakpa"), ("洛桑", "བློ་བཟང", "Lobsang"), ("丹增", "བསྟན་འཛིན", "Tenzin"), ("仁青", "རིན་ཆེན", "Rinchen"),
    ("索朗", "བསོད་ནམས", "Sonam"), ("强巴", "བྱམས་པ", "Jampa"), ("德吉", "བདེ་སྐྱིད", "Dekyi"), ("益西", "ཡེ་ཤེས", "Yeshe"),
    ("贡嘎", "ཀུན་དགའ", "Kunga"), ("阿旺", "ངག་དབང", "Ngawang"), ("土登", "ཐུབ་བསྟན", "Thubten"), ("央金", "དབྱངས་ཅན", "Yangchen"),
]  # fmt: skip
SECOND = [
    ("卓玛", "སྒྲོལ་མ", "Dolma"), ("旺堆", "དབང་འདུས", "Wangdue"), ("曲珍", "ཆོས་སྒྲོན", "Chodron"), ("拉姆", "ལྷ་མོ", "Lhamo"),
    ("央宗", "གཡང་འཛོམས", "Yangdzom"), ("罗布", "ནོར་བུ", "Norbu"), ("顿珠", "དོན་གྲུབ", "Dhondup"), ("坚赞", "རྒྱལ་མཚན", "Gyaltsen"),
    ("嘉措", "རྒྱ་མཚོ", "Gyatso"), ("伦珠", "ལྷུན་གྲུབ", "Lhundup"), ("班典", "དཔལ་ལྡན", "Palden"), ("赤列", "འཕྲིན་ལས", "Thinley"),
    ("玉珍", "གཡུ་སྒྲོན", "Yudron"), ("措姆", "མཚོ་མོ", "Tsomo"), ("卓嘎", "སྒྲོལ་དཀར", "Drolkar"), ("旦巴", "བསྟན་པ", "Tenpa"),
    ("次仁", "ཚེ་རིང", "Tsering"), ("扎西", "བཀྲ་ཤིས", "Tashi"), ("多吉", "རྡོ་རྗེ", "Dorje"), ("旺姆", "དབང་མོ", "Wangmo"),
]  # fmt: skip
SURNAMES = [
    ("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("杨", "Yang"), ("赵", "Zhao"), ("黄", "Huang"),
    ("周", "Zhou"), ("吴", "Wu"), ("徐", "Xu"), ("孙", "Sun"), ("胡", "Hu"), ("朱", "Zhu"), ("高", "Gao"), ("林", "Lin"),
    ("何", "He"), ("郭", "Guo"), ("马", "Ma"), ("罗", "Luo"), ("梁", "Liang"), ("宋", "Song"), ("谢", "Xie"), ("唐", "Tang"),
]  # fmt: skip
GIVEN = [
    ("建", "jian"), ("国", "guo"), ("明", "ming"), ("丽", "li"), ("华", "hua"), ("文", "wen"), ("晓", "xiao"), ("燕", "yan"),
    ("志", "zhi"), ("强", "qiang"), ("春", "chun"), ("梅", "mei"), ("玉", "yu"), ("兰", "lan"), ("海", "hai"), ("波", "bo"),
    ("佳", "jia"), ("宁", "ning"), ("思", "si"), ("远", "yuan"), ("雪", "xue"), ("峰", "feng"), ("静", "jing"), ("涛", "tao"),
]  # fmt: skip
TIBETAN_SHARE = 0.7


def draw_name(random: Random) -> Name:
    """A name of one of the two ways of naming; the way is not kept anywhere."""
    return _tibetan(random) if random.random() < TIBETAN_SHARE else _chinese(random)


def _tibetan(random: Random) -> Name:
    first = random.choice(FIRST)
    second = random.choice([part for part in SECOND if part[0] != first[0]])
    return Name(first[0] + second[0], f"{first[1]}་{second[1]}", f"{first[2]} {second[2]}")


def _chinese(random: Random) -> Name:
    surname, given = random.choice(SURNAMES), random.sample(GIVEN, random.choice((1, 2, 2)))
    latin = "".join(part[1] for part in given).capitalize()
    return Name(surname[0] + "".join(part[0] for part in given), None, f"{surname[1]} {latin}")
