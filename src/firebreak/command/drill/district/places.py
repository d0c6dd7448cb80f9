"""Words for places: every name of a district, quarter, road, estate, firm, school or ship is made up from these.

A seed deals them out; no two places of one kind share a name. The spelling beside each word is its pinyin.
"""

from collections.abc import Iterator, Sequence
from random import Random

from firebreak.kernel.text import T

Word = tuple[str, str]

DISTRICTS: tuple[tuple[str, str, str], ...] = (
    ("澜矶", "Lanji", "LANJI"), ("汐岬", "Xijia", "XIJIA"), ("鲸澳", "Jing'ao", "JINGAO"),
    ("砚潮", "Yanchao", "YANCHAO"), ("萤屿", "Yingyu", "YINGYU"), ("橹洲", "Luzhou", "LUZHOU"),
)
QUARTERS: tuple[tuple[str, str, str], ...] = (
    ("汐塘", "Xitang", "XT"), ("鸥埭", "Oudai", "OD"), ("橹埕", "Lucheng", "LC"), ("萤浦", "Yingpu", "YP"),
    ("帆澳", "Fan'ao", "FA"), ("螺汀", "Luoting", "LT"), ("砚头", "Yantou", "YT"), ("缆浦", "Lanpu", "LP"),
    ("贝埕", "Beicheng", "BC"), ("鹤渚", "Hezhu", "HZ"), ("潮崁", "Chaokan", "CK"), ("榕栅", "Rongzha", "RZ"),
    ("鲎沙", "Housha", "HS"), ("舵楼", "Duolou", "DL"), ("星垵", "Xing'an", "XA"), ("篷澳", "Peng'ao", "PA"),
    ("钟埔", "Zhongpu", "ZP"), ("梭屿", "Suoyu", "SY"), ("蚝墩", "Haodun", "HD"), ("桅坪", "Weiping", "WP"),
)
VILLAGES: tuple[tuple[str, str, str], ...] = (
    ("蕨坪", "Jueping", "JP"), ("梅崁", "Meikan", "MK"), ("鹧洋", "Zheyang", "ZY"), ("柚墘", "Youqian", "YQ"),
    ("岚峁", "Lanmao", "LM"), ("鹿畲", "Lushe", "LS"), ("棕垄", "Zonglong", "ZL"), ("茅陂", "Maobei", "MB"),
    ("枋坂", "Fangban", "FB"),
)
ROADS: tuple[Word, ...] = (
    ("听潮", "Tingchao"), ("鸣舷", "Mingxian"), ("望帆", "Wangfan"), ("碧缆", "Bilan"), ("银鳞", "Yinlin"),
    ("拾贝", "Shibei"), ("海棠", "Haitang"), ("星槎", "Xingcha"), ("归橹", "Guilu"), ("朝汐", "Zhaoxi"),
    ("榕影", "Rongying"), ("石帆", "Shifan"), ("云锚", "Yunmao"), ("长澜", "Changlan"), ("杨梅", "Yangmei"),
    ("灯矶", "Dengji"), ("鸥行", "Ouxing"), ("渔灯", "Yudeng"), ("逐浪", "Zhulang"), ("紫藤", "Ziteng"),
    ("琴礁", "Qinjiao"), ("集舟", "Jizhou"), ("霞浪", "Xialang"), ("墨鱼", "Moyu"), ("锚山", "Maoshan"),
    ("松涛", "Songtao"), ("澄沙", "Chengsha"), ("扬舲", "Yangling"), ("荔坡", "Lipo"), ("虹堤", "Hongdi"),
    ("晓渡", "Xiaodu"), ("南篷", "Nanpeng"), ("鲛珠", "Jiaozhu"), ("青舸", "Qingge"), ("蓝鲸", "Lanjing"),
    ("月笙", "Yuesheng"), ("沉璧", "Chenbi"), ("飞廉", "Feilian"), ("金鳞", "Jinlin"), ("丹崖", "Danya"),
    ("雪鹭", "Xuelu"), ("凤凰木", "Fenghuangmu"), ("盐霜", "Yanshuang"), ("珊瑚", "Shanhu"), ("橘灯", "Judeng"),
    ("渡鸥", "Du'ou"), ("泊云", "Boyun"), ("千帆", "Qianfan"), ("竹屿", "Zhuyu"), ("木麻黄", "Mumahuang"),
    ("观星", "Guanxing"), ("潜龙", "Qianlong"), ("茶亭", "Chating"), ("石埠", "Shibu"), ("双桅", "Shuangwei"),
    ("回澜", "Huilan"), ("鱼骊", "Yuli"), ("合浪", "Helang"), ("涌泉", "Yongquan"), ("长楫", "Changji"),
)
_SIGHTS = (
    ("候", "Hou"), ("听", "Ting"), ("揽", "Lan"), ("枕", "Zhen"), ("沐", "Mu"), ("倚", "Yi"), ("映", "Ying"),
    ("怀", "Huai"),
)
_SEEN = (
    ("澜", "lan"), ("汐", "xi"), ("屿", "yu"), ("鸥", "'ou"), ("榕", "rong"), ("霞", "xia"), ("礁", "jiao"),
    ("帆", "fan"), ("棠", "tang"),
)
ESTATES: tuple[Word, ...] = tuple((front[0] + back[0], front[1] + back[1]) for front in _SIGHTS for back in _SEEN)
ESTATE_KINDS: tuple[Word, ...] = (
    ("苑", "Court"), ("花园", "Gardens"), ("里", "Terrace"), ("府", "Residence"), ("雅居", "Homes"),
)
FIRMS: tuple[Word, ...] = (
    ("浪华电子", "Langhua Electronics"), ("鲸跃重工", "Jingyue Heavy Works"), ("榕达食品", "Rongda Foods"),
    ("海纹木业", "Haiwen Timber"), ("星缆电缆", "Xinglan Cable"), ("汐源饲料", "Xiyuan Feed"),
    ("锚固钢构", "Maogu Steel"), ("蓝舷涂料", "Lanxian Coatings"), ("贝篾纸业", "Beimie Paper"),
    ("帆成制衣", "Fancheng Garments"), ("澄光玻璃", "Chengguang Glass"), ("鹭程冷链", "Lucheng Cold Chain"),
    ("潮工机电", "Chaogong Machinery"), ("鲎牌油脂", "Houpai Oils"), ("远楫船配", "Yuanji Ship Parts"),
    ("银屿水产", "Yinyu Seafood"), ("丹礁陶瓷", "Danjiao Ceramics"), ("橹行物流", "Luxing Logistics"),
    ("云舸家具", "Yunge Furniture"), ("合澜包装", "Helan Packaging"), ("望洋塑料", "Wangyang Plastics"),
    ("石帆建材", "Shifan Building Materials"), ("萤火照明", "Yinghuo Lighting"), ("双桅工具", "Shuangwei Tools"),
)
HAMLETS: tuple[Word, ...] = (
    ("埕头", "Chengtou"), ("顶厝", "Dingcuo"), ("下厝", "Xiacuo"), ("井边", "Jingbian"), ("榕下", "Rongxia"),
    ("溪尾", "Xiwei"), ("庵前", "Anqian"), ("仓角", "Cangjiao"), ("田中", "Tianzhong"), ("桥头", "Qiaotou"),
    ("后壁", "Houbi"), ("坪仔", "Pingzai"), ("新厝", "Xincuo"), ("路口", "Lukou"), ("社坛", "Shetan"),
    ("石埕", "Shicheng"), ("塘墘", "Tangqian"), ("山仔", "Shanzai"), ("宫口", "Gongkou"), ("旧街", "Jiujie"),
    ("洋中", "Yangzhong"), ("墩上", "Dunshang"), ("竹围", "Zhuwei"), ("水尾", "Shuiwei"),
)
SHIPS: tuple[Word, ...] = (
    ("鲸歌", "Jing Ge"), ("远汐", "Yuan Xi"), ("澜光", "Lan Guang"), ("Maris Novella", "Maris Novella"),
    ("星槎 6", "Xing Cha 6"), ("Orsa Vento", "Orsa Vento"), ("橹声 12", "Lu Sheng 12"), ("Tidewren", "Tidewren"),
    ("金鸥 3", "Jin Ou 3"), ("Havgull II", "Havgull II"), ("汐帆", "Xi Fan"), ("Perla Quieta", "Perla Quieta"),
)
_AGAIN = (
    ("新", "New "), ("东", "East "), ("西", "West "), ("南", "South "), ("北", "North "), ("上", "Upper "),
    ("下", "Lower "),
)
DIGITS = ("〇", "一", "二", "三", "四", "五", "六", "七", "八", "九")


def numeral(number: int) -> str:
    """A Chinese numeral from 1 to 99."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (DIGITS[ones] if ones else "")


def dealt(words: Sequence[Word], chance: Random) -> Iterator[Word]:
    """The words in an order of the seed; when they run out, again with East, West and so on before them."""
    order = list(words)
    chance.shuffle(order)
    yield from order
    for zh, en in _AGAIN:
        yield from ((zh + word[0], en + word[1]) for word in order)


def plain(word: Word) -> T:
    """A word as a text."""
    return T(word[0], word[1])
