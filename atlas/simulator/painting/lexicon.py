"""The words a prompt is read with: phrases in English and Chinese, grouped by what they put into the picture."""

from atlas.simulator.painting.names import COLOUR_NAMES

SUBJECTS = {
    "perfume": "perfume bottle, perfume, fragrance, cologne, 香水瓶, 香水",
    "bottle": "bottle, water bottle, wine bottle, beer, olive oil, shampoo, 瓶子, 瓶, 酒瓶",
    "sneaker": "sneaker, sneakers, shoe, trainer, boot, running shoes, 球鞋, 運動鞋, 运动鞋, 鞋子, 鞋",
    "cup": (
        "cup, mug, coffee, espresso cup, latte, cappuccino, tea, teacup, cup of coffee, cup of tea, "
        "coffee cup, 咖啡, 杯子, 茶, 咖啡杯, 一杯咖啡"
    ),
    "wineglass": (
        "wine glass, wine glasses, glass of wine, champagne glass, cocktail, drink, goblet, 酒杯, 紅酒, "
        "红酒, 雞尾酒, 鸡尾酒"
    ),
    "watch": "watch, wristwatch, clock, timepiece, 手錶, 手表, 腕錶, 腕表",
    "bicycle": "bicycle, bike, cycle, bicyclette, 腳踏車, 自行車, 自行车, 單車, 单车",
    "car": "car, automobile, sports car, taxi, van, convertible, 汽車, 汽车, 車子, 跑車, 跑车",
    "house": "house, cabin, cottage, home, hut, chalet, villa, barn, 房子, 小屋, 木屋, 屋子, 家",
    "tree": "tree, oak, maple, pine, palm tree, cherry tree, 樹, 树, 大樹, 樹木",
    "flower": (
        "flower, rose, tulip, daisy, sunflower, lily, peony, blossom, lotus, 花, 玫瑰, 花朵, 鬱金香, 向日葵, "
        "荷花, 櫻花, 樱花"
    ),
    "bouquet": (
        "bouquet, vase, flowers in a vase, flower arrangement, bouquet of roses, bouquet of flowers, 花束, 花瓶"
    ),
    "cat": "cat, kitten, kitty, 貓, 猫, 貓咪, 猫咪, 小貓, 小猫",
    "dog": "dog, puppy, corgi, retriever, hound, 狗, 小狗, 犬",
    "bird": "bird, sparrow, parrot, owl, swan, eagle, pigeon, hummingbird, crane, 鳥, 鸟, 小鳥, 小鸟",
    "fish": "fish, goldfish, koi, whale, shark, dolphin, 魚, 鱼, 金魚, 金鱼, 鯨魚, 鲸鱼, 錦鯉",
    "person": (
        "person, man, boy, girl, child, people, worker, dancer, runner, traveler, hiker, couple, woman, 人, "
        "男人, 女人, 女孩, 男孩, 小孩, 旅人"
    ),
    "portrait": "portrait, face, headshot, portrait of a woman, portrait of a man, selfie, 肖像, 人像, 臉, 脸, 面孔",
    "robot": "robot, android, cyborg, droid, 機器人, 机器人",
    "lamp": "lamp, desk lamp, table lamp, light bulb, 檯燈, 台灯, 燈, 灯",
    "lantern": "lantern, paper lantern, paper lanterns, lampion, 燈籠, 灯笼, 天燈, 天灯, 紙燈籠",
    "book": "book, notebook, magazine, novel, journal, diary, 書, 书, 書本, 笔记本, 雜誌",
    "phone": "phone, smartphone, mobile, iphone, cellphone, app, 手機, 手机, 電話, 电话",
    "laptop": "laptop, computer, macbook, screen, monitor, 筆電, 電腦, 电脑, 笔记本电脑",
    "chair": "chair, armchair, sofa, couch, seat, stool, 椅子, 椅, 沙發, 沙发",
    "cake": "cake, dessert, cupcake, birthday cake, pastry, pudding, pie, 蛋糕, 甜點, 甜点",
    "apple": "apple, fruit, peach fruit, pomegranate, 蘋果, 苹果, 水果",
    "orange": "oranges, orange fruit, mandarin, grapefruit, 柳橙, 橘子, 橙子",
    "lemon": "lemon, lime fruit, citrus, 檸檬, 柠檬",
    "balloon": "balloon, hot air balloon, 氣球, 气球, 熱氣球, 热气球",
    "boat": "boat, sailboat, sailing boat, ship, yacht, sail, canoe, ferry, 船, 帆船, 小船",
    "rocket": "rocket, spaceship, spacecraft, shuttle, 火箭, 太空船",
    "plane": "plane, airplane, aeroplane, jet, aircraft, paper plane, 飛機, 飞机",
    "umbrella": "umbrella, parasol, 雨傘, 雨伞, 傘, 伞",
    "bag": "bag, handbag, purse, tote, backpack, suitcase, shopping bag, 包包, 手提包, 袋子, 包",
    "lipstick": "lipstick, lip gloss, makeup, 口紅, 口红, 唇膏",
    "jar": (
        "jar, cosmetic jar, cream jar, skincare, skin care, moisturizer, serum, candle, 面霜, 護膚品, "
        "护肤品, 罐子, 蠟燭, 蜡烛"
    ),
    "stall": "food stall, stall, kiosk, food truck, food stand, food cart, 攤位, 摊位, 小吃攤, 小吃摊",
    "headphones": "headphones, headset, earphones, 耳機, 耳机",
    "burger": "burger, hamburger, sandwich, food, snack, 漢堡, 汉堡, 食物",
    "butterfly": "butterfly, moth, 蝴蝶",
    "plant": "plant, potted plant, cactus, succulent, monstera, 植物, 盆栽, 仙人掌",
}

SCENES = {
    "lake": "lake, mountain lake, river, pond, fjord, 湖, 湖泊, 湖邊, 山湖, 河, 河流",
    "mountains": "mountain, mountain range, peak, alps, hill, valley, cliff, volcano, 山, 山脈, 山脉, 高山, 山景",
    "beach": "beach, shore, coast, tropical beach, island, 海邊, 海边, 沙灘, 沙滩, 海灘, 海滩",
    "sea": "sea, ocean, waves, wave, harbour, harbor, 海, 大海, 海洋, 海上, 海浪",
    "forest": "forest, woods, woodland, jungle, rainforest, 森林, 樹林, 树林, 叢林",
    "desert": "desert, dune, sahara, canyon, 沙漠, 沙丘",
    "city": (
        "city, skyline, city skyline, skyscraper, downtown, metropolis, tokyo, new york, shanghai, taipei, "
        "城市, 都市, 天際線, 天际线, 摩天樓, 上海, 台北"
    ),
    "market": "market, night market, street market, street food market, street food, bazaar, 市場, 市场, 夜市, 市集",
    "street": "street, alley, road, avenue, cafe street, sidewalk, 街道, 街, 街頭, 小巷, 馬路",
    "table": (
        "table, wooden table, kitchen, countertop, desk, breakfast, picnic, still life, 桌子, 桌上, 廚房, "
        "厨房, 木桌, 餐桌"
    ),
    "studio": (
        "studio, product shot, product photo, product photography, packshot, podium, pedestal, backdrop, "
        "advertisement, 產品, 产品, 商品, 攝影棚"
    ),
    "room": (
        "room, interior, living room, bedroom, office, cafe, hotel, library, 房間, 房间, 室內, 室内, 客廳, 客厅, 臥室"
    ),
    "field": (
        "field, garden, meadow, park, farm, grass, lawn, countryside, vineyard, spring, 花園, 花园, 田野, "
        "草地, 草原, 公園, 公园"
    ),
    "space": (
        "space, outer space, galaxy, universe, planet, cosmos, nebula, orbit, among the stars, mars, 太空, "
        "宇宙, 銀河, 银河, 星球, 星空"
    ),
    "underwater": "underwater, under the sea, coral reef, deep sea, aquarium, reef, 水下, 海底, 珊瑚礁",
    "sky": "sky, clouds, cloud, 天空, 雲, 云, 雲朵",
    "wall": "wall, facade, 牆, 墙, 牆壁",
    "poster": "poster, banner, flyer, typographic, typography, 海報, 海报, 標語",
    "portrait": "plain background, solid background, backdrop paper",
}

HOURS = {
    "dawn": "sunrise, dawn, early morning, daybreak, 日出, 黎明, 清晨, 拂曉",
    "morning": "morning, morning light, breakfast light, 早晨, 早上, 晨光",
    "noon": (
        "noon, noon light, midday, daylight, sunny, sunlight, mediterranean, summer, bright light, 中午, "
        "正午, 白天, 陽光, 阳光, 夏天"
    ),
    "golden": "golden hour, late afternoon, warm light, afternoon, autumn, 黃昏, 黄昏, 傍晚, 午後, 秋天",
    "sunset": "sunset, dusk, evening, twilight, 日落, 夕陽, 夕阳, 晚霞",
    "night": (
        "night, at night, midnight, nighttime, moonlight, moonlit, dark, starry night, 夜晚, 夜, 晚上, 深夜, 月光, 黑夜"
    ),
    "neon": "neon, neon light, neon lights, 霓虹, 霓虹燈, 霓虹灯",
    "soft": "studio light, soft light, soft studio light, softbox, diffused light, 棚拍, 柔光",
    "backlit": "backlit, backlight, rim light, silhouette, contre jour, 逆光",
}

WEATHER = {
    "fog": "fog, foggy, mist, misty, haze, 霧, 雾, 薄霧",
    "rain": "rain, rainy, raining, wet, storm, 雨, 下雨, 雨中, 雨天",
    "snow": "snow, snowy, snowing, winter, snowfall, 雪, 下雪, 雪地, 冬天, 雪景",
    "stars": "star, starry, milky way, among the stars, 星星, 繁星, 星空",
    "moon": "moon, moonlight, moonlit, full moon, crescent, 月亮, 月, 月光, 明月",
    "sun": "sun, 太陽, 太阳",
    "leaves": "leaf, autumn leaves, falling leaves, petals, confetti, 落葉, 花瓣",
}

SURFACES = {
    "marble": "marble, stone, granite, 大理石, 石頭",
    "wood": "wood, wooden, oak table, timber, walnut, 木, 木頭, 木质, 木質",
    "concrete": "concrete, cement, 水泥, 混凝土",
    "sand": "sand dunes, sandy, 沙, 沙子",
    "water": "water, water surface, puddle, ripples, 水, 水面",
    "velvet": "velvet, silk, satin, fabric, cloth, linen, 絲絨, 絲綢, 丝绸, 布",
    "glass": "glass, mirror, acrylic, crystal, 玻璃, 鏡面, 水晶",
}

STYLES = {
    "minimal": "minimal, minimalist, minimalistic, clean, simple, 極簡, 极简, 簡約, 简约",
    "flat": "flat, flat design, flat illustration, vector, vector art, cartoon, 扁平, 扁平化, 卡通",
    "watercolor": "watercolor, watercolour, aquarelle, gouache, ink wash, 水彩, 水彩畫, 水墨",
    "oil": (
        "oil painting, oil paint, oil on canvas, impressionist, painterly, acrylic painting, van gogh, "
        "monet, 油畫, 油画, 印象派"
    ),
    "pixel": "pixel art, pixel, pixelated, 8 bit, 16 bit, 像素, 像素風, 像素风",
    "line": (
        "line art, sketch, line drawing, pencil, pencil drawing, drawing, ink drawing, engraving, 線條, "
        "线条, 素描, 線稿, 速寫"
    ),
    "isometric": "isometric, 等距, 等軸",
    "vintage": "vintage, retro, retro poster, 1970s, 1950s, old photo, nostalgic, art deco, 復古, 复古, 懷舊, 怀旧",
    "cyberpunk": "cyberpunk, synthwave, vaporwave, futuristic, 賽博龐克, 赛博朋克, 未來感",
    "pastel": "pastel, pastel colours, pastel colors, soft colours, 粉彩, 馬卡龍, 马卡龙",
    "mono": "monochrome, black and white, b&w, grayscale, greyscale, noir, 黑白, 單色, 单色",
    "photo": (
        "photo, photograph, photorealistic, photography, realistic, bokeh, dslr, cinematic, 35mm, "
        "depth of field, 照片, 寫實, 写实, 攝影, 摄影, 散景"
    ),
    "lowpoly": "low poly, lowpoly, polygonal, faceted, 低多邊形, 低多边形",
    "pop": "pop art, comic, comic book, halftone, warhol, 普普, 波普, 漫畫, 漫画",
}

ATTIRE = {
    "spacesuit": "spacesuit, space suit, astronaut, space helmet, 太空衣, 太空人, 宇航服, 宇航員",
    "coat": "raincoat, coat, jacket, hoodie, parka, poncho, 雨衣, 外套",
    "top": "dress, shirt, t shirt, sweater, suit, blouse, kimono, hanbok, uniform, 洋裝, 襯衫, 毛衣, 西裝",
    "hat": "hat, cap, beret, crown, helmet, 帽子, 帽",
    "glasses": "sunglasses, eyeglasses, glasses, spectacles, 眼鏡, 眼镜, 墨鏡",
    "scarf": "scarf, 圍巾, 围巾",
}

PLACES = {
    "background": "background, backdrop, wallpaper, ground, 背景, 底色",
    "accent": "accents, accent, details, detail, trim, highlights, 點綴, 点缀",
    "light": "light, lights, glow, lighting, rays, 光, 光線",
    "lettering": "letters, lettering, text, words, type, title, typography, 文字, 字",
    "window": "windows, window, warm windows, 窗戶, 窗户, 窗",
}

COUNTS = {
    "1": "a, an, one, single, 一個, 一只, 一隻, 一",
    "2": "two, pair, a pair of, couple of, both, 2, 兩個, 兩隻, 兩, 两个, 两只, 两, 二",
    "3": "three, 3, trio, 三個, 三隻, 三个, 三只, 三",
    "4": "four, 4, 四個, 四隻, 四个, 四只, 四",
    "5": "five, 5, several, some, few, 五個, 五隻, 五个, 五只, 五, 幾個, 几个",
    "6": "six, 6, 六",
    "7": "seven, 7, many, lots of, dozens of, 七, 許多, 许多, 很多",
    "8": "eight, nine, ten, 8, 9, 10, 八, 九, 十",
}

QUALITIES = (
    "high quality, best quality, masterpiece, hd, 4k, 8k, "
    "highly detailed, ultra detailed, detailed, award winning, 高品質, 高质量, 高清"
)
BREAKS = (
    "in, on, at, over, under, against, with, by, near, among, above, "
    "below, behind, into, onto, from, through, 在, 上, 裡, 里, 下"
)
JOINING = "and, or, of, the, with, &, 的, 和, 與, 与"


def _phrases(table: dict[str, str], kind: str) -> dict[str, tuple[str, str]]:
    return {phrase.strip(): (kind, value) for value, listed in table.items() for phrase in listed.split(",")}


TERMS: dict[str, tuple[str, str]] = (
    {phrase: ("break", phrase) for phrase in BREAKS.split(", ")}
    | {phrase: ("joining", phrase) for phrase in JOINING.split(", ")}
    | {phrase: ("quality", phrase) for phrase in QUALITIES.split(", ")}
    | _phrases(COUNTS, "number")
    | _phrases(PLACES, "place")
    | _phrases(SURFACES, "surface")
    | _phrases(ATTIRE, "attire")
    | _phrases(WEATHER, "weather")
    | _phrases(HOURS, "hour")
    | _phrases(SCENES, "scene")
    | _phrases(SUBJECTS, "subject")
    | {name: ("colour", code) for name, code in COLOUR_NAMES.items()}
    | _phrases(STYLES, "style")
)

# One phrase, two facts: "moonlight" is an hour and puts a moon in the sky.
ALSO = _phrases({"moon": "moonlight, moonlit, 月光", "stars": "starry night, 星空, among the stars"}, "weather")
