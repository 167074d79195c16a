"""Which voices speak.

A voice is written `engine:name`: `espeak:en-us+f3`, `flite:slt`, `fest:msu_ru_nsh_clunits` (festival).
"""

_VARIANTS = (
    "adam Alex Alicia Andrea Andy Annie aunty belinda benjamin boris caleb david Denis Diogo ed edward edward2 "
    "Gene Gene2 gustave Henrique Hugo iven iven2 iven3 iven4 Jacky john kaukovalta Lee linda marcelo Marco Mario "
    "Michael michel miguel Mike Nguyen norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 "
    "steph3 travis victor Zac anika f1 f2 f3 f4 f5 grandma grandpa klatt klatt2 klatt3 klatt4 m1 m2 m3 m4 m5 m6 "
    "m7 m8 Max"
).split()
_UNSEEN_VARIANTS = {"Alicia", "f4", "m7", "steph2", "robert", "Denis"}
"""Never used for training: they tell how the model does on voices it has not heard."""

_ESPEAK = {
    "en": ["en-us", "en-us", "en", "en", "en-gb-x-rp", "en-gb-scotland", "en-us-nyc", "en-029"],
    "ru": ["ru", "ru", "ru", "ru-lv"],
}
_FLITE = ["slt", "awb", "rms", "kal16", "slt", "rms"]
_FESTIVAL_EN = ["kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts"]
_FESTIVAL_RU = "fest:msu_ru_nsh_clunits"

# The voices that the delivered model concentrates on; repetition is weight.
_CORE = {
    "en": ["espeak:en-us"] * 4
    + ["espeak:en"] * 2
    + ["espeak:en-us+m1", "espeak:en-us+m3", "espeak:en-us+f2", "espeak:en-us+f3", "espeak:en+m3", "espeak:en+f3"]
    + ["flite:slt"] * 2
    + ["flite:rms"] * 2,
    "ru": ["espeak:ru"] * 4 + ["espeak:ru+m1", "espeak:ru+m3", "espeak:ru+f2", "espeak:ru+f3"] * 2 + [_FESTIVAL_RU],
}

CORE_TRAINING_VOICES = {"flite:slt", "flite:rms", _FESTIVAL_RU} | {
    f"espeak:{voice}{variant}"
    for voice in ("en-us", "en", "ru")
    for variant in ("", "+m1", "+m2", "+m3", "+m4", "+m5", "+m6", "+f1", "+f2", "+f3", "+f5", "+Annie")
}
"""What training keeps of a corpus when it is told to use the core voices only."""


def pick_core_voice(language, rng):
    return rng.choice(_CORE[language])


def pick_any_voice(language, rng, unseen):
    """A voice from the whole range; `unseen` admits the variants that are kept from training."""
    draw = rng.random()
    if language == "en" and draw < 0.22:
        return "flite:" + rng.choice(_FLITE)
    if language == "en" and draw < 0.34:
        return "fest:" + rng.choice(_FESTIVAL_EN)
    if language == "ru" and draw < 0.22:
        return _FESTIVAL_RU
    voice = rng.choice(_ESPEAK[language])
    if rng.random() < 0.12:
        return f"espeak:{voice}"
    variants = _VARIANTS if unseen else [name for name in _VARIANTS if name not in _UNSEEN_VARIANTS]
    return f"espeak:{voice}+{rng.choice(variants)}"
