"""Names of people who do not exist: surnames as common as on the south-eastern coast, given names of each age.

Among them single and three-character given names, double surnames, characters outside the basic plane, names
with a middle dot and names in Latin letters, because a register meets them all. Never a list of real people.
"""

from random import Random

from firebreak.command.drill.district.streams import Weighted

_SURNAMES = (
    "陈 1130 林 960 黄 640 张 520 吴 430 李 420 郑 380 王 370 刘 290 苏 250 蔡 250 杨 240 许 230 谢 170 郭 170 洪 160 "
    "曾 150 叶 150 庄 145 邱 140 罗 120 周 120 赖 115 徐 100 何 98 江 95 游 88 朱 86 柯 84 卢 82 简 80 魏 76 赵 74 蓝 70 "
    "沈 68 余 64 方 62 潘 60 钟 58 詹 54 高 52 胡 50 戴 48 施 46 颜 44 孙 44 汤 42 石 40 康 40 廖 38 连 36 纪 34 阮 34 "
    "姚 32 涂 32 翁 30 童 28 马 28 邓 28 范 26 韩 26 宋 26 董 24 冯 24 彭 24 唐 22 袁 22 曹 22 丁 20 萧 20 程 20 梁 20 "
    "巫 14 饶 14 欧 14 甘 13 温 13 严 12 俞 12 池 12 官 11 兰 11 练 10 华 10 吕 22 田 16 夏 14 姜 12 熊 12 孟 8 秦 8 "
    "欧阳 12 上官 7 诸葛 2 司徒 2 司马 2 尉迟 1"
)
_MEN = {
    "old": "国 建 志 文 清 水 木 火 金 土 福 德 明 荣 发 生 顺 来 添 坤 辉 龙 海 山 松 和 平 东 天 义 永 成 武 庆 贵 祥 忠 树 炳 森",
    "mid": "伟 强 勇 军 杰 斌 峰 鹏 宏 毅 辉 晖 俊 雄 志 建 文 华 明 亮 超 刚 辉 坚 浩 凯 彬 清 永 铭 坤 煌 艺 达 智 南 平 龙 庆 胜",
    "new": "浩 宇 轩 梓 子 睿 泽 博 俊 辰 铭 皓 文 杰 嘉 逸 一 奕 承 佑 恩 晨 航 旭 翊 彦 琛 霖 哲 昊 熙 骏 烨 安 诺 凡 洋 煜 景 言",
}
_WOMEN = {
    "old": "秀 丽 美 玉 英 珍 兰 凤 琴 月 花 宝 惠 碧 金 淑 桂 香 莲 云 霞 娥 珠 素 敏 治 招 娇 瑞 春 梅 芬 妹 枝 燕 清 亚 锦 好 治",
    "mid": "丽 敏 静 燕 芳 娟 艳 玲 婷 红 梅 萍 霞 芬 雪 琳 慧 莉 琴 虹 颖 瑜 珊 娜 萍 蓉 晓 淑 惠 美 雅 秋 小 云 真 阿 彩 宝 碧 琼",
    "new": "梓 涵 欣 怡 雨 诗 琪 萱 子 语 可 馨 若 汐 晨 妍 思 瑶 紫 依 诺 婉 沐 一 芯 然 舒 宁 悦 彤 芮 桐 苡 念 乐 清 嘉 月 安 熙",
}
_RARE = "𠅤 𡐓 𣲘 𤩽 𦭜 㛃 㵾 䶮 𬱖 𬭎 堃 喆 犇 翀 煊 峣 昇 淼 翯 垚"
_TRIPLE = ("子若曦", "思源远", "雨桐欣", "小海英", "安之若", "一诺言")
_DOTTED_FIRST = "阿依努尔 古丽娜 艾力 吐尔逊 热依汗 帕提古 达吾提 玛依拉 扎西次 央金拉 卓玛措 巴哈尔".split()
_DOTTED_LAST = "艾合买 吾斯曼 克里木 司马义 沙依提 多吉平 才让吉 亚库甫".split()
_LATIN_LAST = "SANTORI DELACRUX NGUYENH OKONKWE PETROVAN LINDGRAM YAMASAKO PARKSU RAHMANI WIJAYAT MORELLO HOLMQVIS".split()
_LATIN_FIRST = "MARK ANA JOREL VAN THI CHIDI ALEKSEI INGRID KENTO MINSEO AYU DEWI ROSA PAVEL NIKO SAMIR".split()

_FAMILY = Weighted([(word, float(weight)) for word, weight in zip(
    _SURNAMES.split()[::2], _SURNAMES.split()[1::2], strict=True)])
_GIVEN = {
    (sex, age): tuple(table[age].split()) for sex, table in ((1, _MEN), (2, _WOMEN)) for age in ("old", "mid", "new")
}
_RARE_CHARACTERS = tuple(_RARE.split())


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
        return one + _RARE_CHARACTERS[int(chance.random() * len(_RARE_CHARACTERS))]
    if fate < 0.0075:
        return chance.choice(_TRIPLE)
    if fate < (0.13 if born >= 1966 else 0.05):
        return one
    return one + table[int(chance.random() * size)]


def _dotted(chance: Random) -> str:
    first = chance.choice(_DOTTED_FIRST)
    return f"{first}·{chance.choice(_DOTTED_LAST)}"
