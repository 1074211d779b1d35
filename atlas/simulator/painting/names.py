"""The colours people name, in English and in Chinese, as hex codes."""

import re

TABLE = """
red ed1c2e 紅色 红色 紅 红 大紅; scarlet d9201f; crimson b3122f; ruby a3123c; cherry red b1122a
vermilion e0452c 朱紅 朱红; burgundy 6d1330 酒紅 酒红 酒紅色 酒红色; maroon 701c24; wine 6b1a33; oxblood 5a1519
coral ff6f61 珊瑚色 珊瑚; salmon fa8a76; peach ffc3a0 桃色 蜜桃色; apricot fbb77c 杏色; blush f3c9c5
tangerine f58220; terracotta c8654a 陶土色 赤陶色; rust a9462a; brick a54a3c; copper b87344 銅色 铜色
bronze a9743c; orange f7821b 橙色 橘色 橙 橘; amber f5a623 琥珀色; gold d4a63c 金色 金 黃金 黄金; golden d9a93f
rose gold d49a89 玫瑰金; mustard d7a227 芥末黃 芥末黄; ochre c98a2b; yellow fbd024 黃色 黄色 黃 黄
lemon yellow f9e547; honey e2a336; champagne ecd9b0 香檳色 香槟色; cream f6ead0 奶油色 米白 米色
ivory f8f2df 象牙色 象牙白; beige e3d3b6; sand dcc39a; tan c9a57b; khaki b5a373 卡其色; camel bb8a58 駝色 驼色
brown 7b4a2b 棕色 咖啡色 褐色; chocolate 5b3421; mocha 7c5a48; espresso 3f2a20; cognac 9a4e23
caramel c07c3e 焦糖色; green 2f9e4f 綠色 绿色 綠 绿; lime a6d93a; olive 7c7d3a 橄欖綠 橄榄绿
sage a5b396 鼠尾草綠; mint a8e3cb 薄荷綠 薄荷绿 薄荷色; emerald 0b8f62 翡翠綠 翡翠绿 祖母綠
forest green 225a38 森林綠 墨綠 墨绿; jade 22a47a; moss 6c7a3b; pistachio bcd48e; chartreuse c5e03a
seafoam a5e0ce; viridian 2f8269; avocado 6f7f38; teal 12858a 藍綠色 蓝绿色 青色 青
turquoise 2fc3c0 綠松石 绿松石 土耳其藍; aqua 4fd3d8; cyan 22c4e4; petrol 1a5a68; blue 2166d8 藍色 蓝色 藍 蓝
navy 1c2a56 海軍藍 海军蓝 深藍 深蓝 藏青; navy blue 1c2a56; royal blue 2d4fd0 寶藍 宝蓝; cobalt 1d48b5
sky blue 86c5ef 天藍 天蓝 天藍色 天蓝色; light blue a5d2ee 淺藍 浅蓝; baby blue b5d9f2; powder blue b9d6e4
azure 3a94ee; sapphire 1b3f9c; indigo 3b3a94 靛藍 靛蓝; denim 4a6b93; steel blue 5684ad; slate 62707e
periwinkle 9fa7ee; midnight blue 1b2248 午夜藍; purple 7a3fae 紫色 紫; violet 7f4fd0 紫羅蘭色
lavender bfaee6 薰衣草色 薰衣草紫 淡紫; lilac cdaede; plum 74386a; mauve b58aa5; aubergine 43233f; orchid cf74cf
amethyst 9461c4; magenta d6249f 洋紅 洋红 品紅; fuchsia e0358f; hot pink f5468f
pink f59ab8 粉紅色 粉紅 粉红 粉红色 粉色; pastel pink f7cdd6; light pink f8cbd5; dusty pink d3a09c
rose pink ee8aa6; raspberry b9245c; white f8f7f4 白色 白; off white f4efe4; pearl ece6dc 珍珠白
snow white fbfbfb 雪白; black 1a1a1d 黑色 黑; jet black 111113; charcoal 36393f 炭灰 炭黑; graphite 4a4d53
ebony 2a2523; gray 8d9096; grey 8d9096 灰色 灰; light gray c9cbce; light grey c9cbce 淺灰 浅灰; dark gray 4b4e54
dark grey 4b4e54 深灰; silver c2c6cb 銀色 银色 銀 银; platinum dcdcd6; taupe 8f8177; stone b8b0a3
gunmetal 454b54
"""

ENTRY = re.compile(r"([a-z ]+?) ([0-9a-f]{6})((?: [^\s;]+)*)")


def _named() -> dict[str, str]:
    names: dict[str, str] = {}
    for english, code, chinese in ENTRY.findall(TABLE):
        names |= dict.fromkeys((english.strip(), *chinese.split()), f"#{code}")
    return names


COLOUR_NAMES = _named()
