"""Names of people who do not exist: surnames as common as on the south-eastern coast, given names of each age.

Among them single and three-character given names, double surnames, characters outside the basic plane, names
with a middle dot and names in Latin letters, because a register meets them all. Never a list of real people.
"""

from random import Random

from firebreak.command.drill.district.streams import Weighted

_SURNAMES = (
    "陈 1130 林 960 黄 640 张 520 吴 430 李 420 郑 380 王 370 刘 290 苏 250 蔡 250 杨 240 许 230 "
    "谢 170 郭 170 洪 160 曾 150 叶 150 庄 145 邱 140 罗 120 周 120 赖 115 徐 100 何 98 江 95 游 88 "
    "朱 86 柯 84 卢 82 简 80 魏 76 赵 74 蓝 70 沈 68 余 64 方 62 潘 60 钟 58 詹 54 高 52 胡 50 戴 48 "
    "施 46 颜 44 孙 44 汤 42 石 40 康 40 廖 38 连 36 纪 34 阮 34 姚 32 涂 32 翁 30 童 28 马 28 邓 28 "
    "范 26 韩 26 宋 26 董 24 冯 24 彭 24 唐 22 袁 22 曹 22 丁 20 萧 20 程 20 梁 20 巫 14 饶 14 欧 14 "
    "甘 13 温 13 严 12 俞 12 池 12 官 11 兰 11 练 10 华 10 吕 22 田 16 夏 14 姜 12 熊 12 孟 8 秦 8 "
    "欧阳 12 上官 7 诸葛 2 司徒 2 司马 2 尉迟 1"
)
_MEN = {
    "old": "国建志文清水木火金土福德明荣发生顺来添坤辉龙海山松和平东天义永成武庆贵祥忠树炳森",
    "mid": "伟强勇军杰斌峰鹏宏毅辉晖俊雄志建文华明亮超刚辉坚浩凯彬清永铭坤煌艺达智南平龙庆胜",
    "new": "浩宇轩梓子睿泽博俊辰铭皓文杰嘉逸一奕承佑恩晨航旭翊彦琛霖哲昊熙骏烨安诺凡洋煜景言",
}
_WOMEN = {
    "old": "秀丽美玉英珍兰凤琴月花宝惠碧金淑桂香莲云霞娥珠素敏治招娇瑞春梅芬妹枝燕清亚锦好治",
    "mid": "丽敏静燕芳娟艳玲婷红梅萍霞芬雪琳慧莉琴虹颖瑜珊娜萍蓉晓淑惠美雅秋小云真阿彩宝碧琼",
    "new": "梓涵欣怡雨诗琪萱子语可馨若汐晨妍思瑶紫依诺婉沐一芯然舒宁悦彤芮桐苡念乐清嘉月安熙",
}
_RARE = "𠅤𡐓𣲘𤩽𦭜㛃㵾䶮𬱖𬭎堃喆犇翀煊峣昇淼翯垚"
_TRIPLE = ("子若曦", "思源远", "雨桐欣", "小海英", "安之若", "一诺言")
_DOTTED_FIRST = (
    "阿依努尔", "古丽娜", "艾力", "吐尔逊", "热依汗", "帕提古", "达吾提", "玛依拉", "扎西次", "央金拉", "卓玛措",
    "巴哈尔",
)
_DOTTED_LAST = ("艾合买", "吾斯曼", "克里木", "司马义", "沙依提", "多吉平", "才让吉", "亚库甫")
_LATIN_LAST = (
    "SANTORI", "DELACRUX", "NGUYENH", "OKONKWE", "PETROVAN", "LINDGRAM", "YAMASAKO", "PARKSU", "RAHMANI", "WIJAYAT",
    "MORELLO", "HOLMQVIS",
)
_LATIN_FIRST = (
    "MARK", "ANA", "JOREL", "VAN", "THI", "CHIDI", "ALEKSEI", "INGRID", "KENTO", "MINSEO", "AYU", "DEWI", "ROSA",
    "PAVEL", "NIKO", "SAMIR",
)

_FAMILY = Weighted([(word, float(weight)) for word, weight in zip(
    _SURNAMES.split()[::2], _SURNAMES.split()[1::2], strict=True)])
_GIVEN = {
    (sex, age): tuple(table[age]) for sex, table in ((1, _MEN), (2, _WOMEN)) for age in ("old", "mid", "new")
}


def surname(chance: Random) -> str:
    """A surname, the common ones more often."""
    return _FAMILY.draw(chance)


def full_name(family: str, sex: int, born: int, chance: Random) -> str:
    """A whole name for somebody of this family, sex (ISO 5218) and birth year."""
    fate = chance.random()
    if fate < 0.004:
        return _dotted(chance)
    return family + _given(sex, born, fate, chance)


def latin_name(chance: Random) -> str:
    """A name as a passport prints it."""
    names = len(_LATIN_FIRST)
    first = _LATIN_FIRST[int(chance.random() * names)]
    more = f" {_LATIN_FIRST[int(chance.random() * names)]}" if chance.random() < 0.4 else ""
    return f"{chance.choice(_LATIN_LAST)} {first}{more}"


def _given(sex: int, born: int, fate: float, chance: Random) -> str:
    table = _GIVEN[sex, "old" if born < 1966 else "mid" if born < 1998 else "new"]
    size = len(table)
    one = table[int(chance.random() * size)]
    if fate < 0.0065:
        return one + _RARE[int(chance.random() * len(_RARE))]
    if fate < 0.0075:
        return chance.choice(_TRIPLE)
    if fate < (0.13 if born >= 1966 else 0.05):
        return one
    return one + table[int(chance.random() * size)]


def _dotted(chance: Random) -> str:
    first = chance.choice(_DOTTED_FIRST)
    return f"{first}·{chance.choice(_DOTTED_LAST)}"
