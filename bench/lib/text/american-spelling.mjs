/** British spellings of one word as American ones, by families of words. */

const list = (words) => words.trim().split(/\s+/).join("|");

const FAMILIES = [
  // colour
  [
    list(`arm behavi cand clam col dem dishon disfav discol endeav enam fav ferv flav harb hon hum lab misdemean
      neighb od parl ranc rig rum sav savi splend succ tum val vap vig`),
    "our",
    "or",
  ],
  // centre, metre
  [
    list("calib cent fib goit lit lust meag mit och reconnoit sab saltpet scept sepulch somb spect theat"),
    "re(?!d)",
    "er",
  ],
  [list("cent reconnoit"), "red", "ered"],
  [list("centimet kilomet millimet met milli kilolit millilit"), "re", "er"],
  // cancelled
  [
    list(`apparel barrel bevel bedevil cancel channel chisel counsel cudgel dial dishevel duel enamel equal fuel funnel gravel
      grovel hovel initial jewel label laurel level libel marshal marvel model panel pedal pencil quarrel ravel revel rival
      shovel shrivel signal snivel spiral stencil swivel total towel travel trial trowel tunnel unravel yodel`),
    "l(?=ed|er|ing|or)",
    "",
  ],
  // catalogue
  [list("anal catal dial"), "ogue(?!d)", "og"],
  // defence
  ["def|lic|off|pret", "ence", "ense"],
];

const ISE =
  list(`agon anonym antagon apolog appet author baptis brutal burglar canon capital capsul categor caramel central character
  charactr civil colon commercial computer concept crimin critic crystal crystall custom dampen decentral decriminal demonet demoral
  desensit desensitis digit dramat econom emphas empath energ equal etern euphem external familiar fantas fertil final formal fossil
  fratern galvan general global harmon homogen hospital human hypnot ideal idol immobil immortal immun individual industrial initial
  institutional intern internal international ion item jeopard legal legitim liberal local lion magnet marginal maxim mechan memor
  merchand minim mobil modern monopol moral mobil national natural neutral normal optim organ ostrac patron penal personal philosoph
  plagiar polar polit popular prioritis priorit private privat public pulver random rational real recogn reorgan revital revolution
  romantic satir scandal scrutin sensit sensational serial social special stabil standard steril subsid summar superv symbol sympath
  synchron synthes tantal terror theor traumat trivial tyrann urban util vandal verbal victim visual vital vocal vulgar western`);

const SINGLE = {
  ageing: "aging",
  aeroplane: "airplane",
  aeroplanes: "airplanes",
  aluminium: "aluminum",
  artefact: "artifact",
  artefacts: "artifacts",
  axe: "ax",
  cheque: "check",
  cheques: "checks",
  cosy: "cozy",
  draught: "draft",
  draughts: "drafts",
  enrol: "enroll",
  enrolment: "enrollment",
  fulfil: "fulfill",
  fulfilment: "fulfillment",
  grey: "gray",
  greyed: "grayed",
  greys: "grays",
  jewellery: "jewelry",
  kerb: "curb",
  manoeuvre: "maneuver",
  manoeuvres: "maneuvers",
  mould: "mold",
  moustache: "mustache",
  mum: "mom",
  omelette: "omelet",
  plough: "plow",
  practise: "practice",
  practised: "practiced",
  practising: "practicing",
  programme: "program",
  programmes: "programs",
  pyjamas: "pajamas",
  sceptical: "skeptical",
  skilful: "skillful",
  smoulder: "smolder",
  storey: "story",
  storeys: "stories",
  sulphur: "sulfur",
  tyre: "tire",
  tyres: "tires",
  wilful: "willful",
  woollen: "woolen",
};

const RULES = [
  ...FAMILIES.map(([stems, british, american]) => [new RegExp(`^(${stems})${british}`), `$1${american}`]),
  [new RegExp(`^(${ISE})is(?=(?:e|ed|er|ers|es|ing|able|ation|ations)$)`), "$1iz"],
  [/^(anal|catal|paral)ys(?=(?:e|ed|er|ers|ing)$)/, "$1yz"],
];

/** @param {string} word in lower case */
export function americanSpelling(word) {
  if (Object.hasOwn(SINGLE, word)) return SINGLE[word];
  for (const [pattern, american] of RULES) {
    if (pattern.test(word)) return word.replace(pattern, american);
  }
  return word;
}
