/** Names of people, places, companies and products that none of the recordings has: what fills a vocabulary up. */

const EN = `
Abernathy, Adelaide, Agatha, Airtable, Akamai, Albuquerque, Alcatraz, Alejandro, Algolia, Alistair, Amphetamine, Anastasia, Anchorage, Annapolis,
Ansible, Antoinette, Apache Kafka, Appalachia, Aristotle, Artemis, Asana, Atlassian, Aurelia, Avogadro, Azure Functions, Babbage, Bagheera, Balthazar,
Barcelona, Barnaby, Basecamp, Beatrice, Beethoven, Benedict, BigQuery, Bitbucket, Blackwell, Bloomberg, Bordeaux, Botticelli, Bratislava, Brisbane,
Broadcom, Brunhilde, Bugzilla, Burlington, Cadillac, Calliope, Cambridge Analytica, Cameron, Canterbury, Carmichael, Cassandra, Catherine, Celtics, Ceph,
Charlemagne, Chattanooga, Chernobyl, Chihuahua, Cincinnati, CircleCI, Cleopatra, ClickHouse, Cloudflare, Cockroach Labs, Confluence, Constantinople,
Cordelia, Cornelius, Couchbase, Crimea, Crowdstrike, Cunningham, Cypress, Daedalus, Dalmatia, Databricks, Datadog, Delacroix, Demetrius, Desdemona,
Dijkstra, Django, Docker Swarm, Dominique, Dostoevsky, Dropbox, Dubrovnik, DynamoDB, Ebenezer, Edinburgh, Einstein, Elasticsearch, Eleanor, Elixir,
Emmanuel, Envoy, Erasmus, Esmeralda, Etienne, Euclid, Evangeline, Excalibur, Fahrenheit, Fastly, Ferdinand, Fibonacci, Figma, Firebase, Fitzgerald,
Flink, Florentine, Flutter, Fortinet, Francesca, Frederick, Freshdesk, Fujitsu, Galadriel, Galapagos, Gatsby, Genevieve, Geronimo, Gethsemane, Gibraltar,
Gilgamesh, GitHub Actions, GitLab, Giuseppe, Gloucester, Godzilla, Goldilocks, Grafana, Graphite, Greenwich, Guadalupe, Guinevere, Gutenberg, Hadoop,
Hannibal, HashiCorp, Hawthorne, Heathcliff, Heidelberg, Helsinki, Hemingway, Hercules, Heroku, Hieronymus, Hiroshima, Honeywell, Hubspot, Huckleberry,
Ignatius, Illinois, InfluxDB, Ingrid, Inkscape, Instagram, Isabella, Istanbul, Istio, Jacqueline, Jakarta, Jamaica, Jedediah, Jenkins, Jeremiah,
Jerusalem, Jessamine, Jira Cloud, Johannesburg, Josephine, Jupyter, Kafkaesque, Kalamazoo, Karenina, Katherine, Kibana, Kilimanjaro, Klaviyo, Knuth,
Kubernetes, Kyoto, Lafayette, Lancaster, LaunchDarkly, Leicester, Leonardo, Leviathan, Liechtenstein, Linkerd, Lisbon, Llewellyn, Logstash, Louisiana,
Lucinda, Luxembourg, Macbeth, Madagascar, Magdalena, Malachi, Mandelbrot, Marguerite, MariaDB, Massachusetts, Matterhorn, Maxwell, Melchior, Memcached,
Mephistopheles, Meredith, Metabase, Michelangelo, Milwaukee, Minneapolis, Miranda, Mississippi, Mixpanel, MongoDB, Montenegro, Montgomery, Mozambique,
Nagasaki, Nathaniel, Nebraska, Neo4j, Nefertiti, Netlify, Nicodemus, Nietzsche, Nightingale, Nostradamus, Notion, Nottingham, Nuremberg, Octavia, Odessa,
Okta, Oleander, Ophelia, Oppenheimer, OpenSearch, Oracle Cloud, Osiris, Paderewski, PagerDuty, Palantir, Panasonic, Pandora, Parthenon, Penelope,
Persephone, Philadelphia, Phoebe, Pinocchio, Pittsburgh, Plymouth, Podman, Portsmouth, PostgreSQL, Poughkeepsie, Power Automate, Prometheus, Prospero,
Pulumi, PyTorch, Pythagoras, Quasimodo, Quebec, Quentin, RabbitMQ, Raphael, Rasputin, Redshift, Rembrandt, Reykjavik, Rhiannon, Robespierre, Rockefeller,
Roosevelt, Rosalind, Rumpelstiltskin, Rutherford, Sacramento, Salesforce, Samantha, Santiago, Saskatchewan, Scheherazade, Schrodinger, Sebastian, Seraphina,
ServiceNow, Shakespeare, Shopify, Siegfried, Silero, Singapore, Snowflake, Socrates, SonarQube, Splunk, Springfield, Stanislav, Stradivarius, Sunderland,
Svalbard, Tableau, Tallahassee, Tanzania, Tchaikovsky, Terraform, Thaddeus, Thessaloniki, Theodora, Tiberius, Timbuktu, Toulouse, Trello, Twilio,
Ulysses, Unilever, Uzbekistan, Valentina, Vancouver, Vercel, Versailles, Victoria, Vladivostok, Voldemort, Wagner, Warsaw, Waterloo, Webflow, Wilhelmina,
Winchester, Wireshark, Wittgenstein, Wolfgang, WooCommerce, Worcester, Xenophon, Yellowstone, Yosemite, Zachariah, Zanzibar, Zapier, Zendesk, Zephyr,
Zeppelin, Zimbabwe, ZooKeeper, Zoroaster`;

const RU = `
Авдотья, Агафья, Аделаида, Азербайджан, Акакий Акакиевич, Алевтина, Александровск, Альметьевск, Анастасия, Ангелина, Андромеда, Антананариву, Антонина,
Апполинарий, Архангельск, Арсений, Астрахань, Афанасий, Ахматова, Багратион, Байконур, Балашиха, Барнаул, Батырханов, Белгород, Березники, Бетховен,
Битрикс, Благовещенск, Богородицк, Болконский, Боровиковский, Братислава, Брюллов, Булгаков, Бухгалтерия предприятия, Валентина, Валерьян, Варвара,
Василиса, Венедикт, Вероника, Виссарион, Владивосток, Владикавказ, Волоколамск, Волховец, Воронеж, Врубель, Всеволод, Вышний Волочёк, Вячеслав, Гавриил,
Гагарин, Галактион, Геленджик, Геннадий, Георгий, Гиацинтов, Гиппиус, Глафира, Голиафов, Гончарова, Горностаев, Госуслуги, Грибоедов, Гумилёв, Гурзуф,
Дагестан, Даниил, Дзержинск, Димитровград, Дмитрий, Докучаев, Домодедово, Достоевский, Дубровник, Евангелина, Евгений, Евлампий, Евпатория, Егорьевск,
Екатеринбург, Елизавета, Енисейск, Епифанцев, Ермолай, Ессентуки, Жигулёвск, Жуковский, Заболоцкий, Забайкалье, Задонск, Заратустра, Звенигород,
Зеленоград, Зинаида, Златоуст, Зощенко, Иваново, Игнатьев, Изольда, Илларион, Иннокентий, Иоланта, Ипполит, Иркутск, Исаакий, Ишимбай, Казимир,
Калининград, Калистрат, Каменск, Кандинский, Караваджо, Карачаевск, Касперский, Катерина, Кемерово, Кингисепп, Кипренский, Кирилл, Кисловодск, Клавдия,
Клеопатра, Климентий, Княгинино, Коломна, Комиссаржевская, Кондратий, Константинов, Копенгаген, Корнилов, Королёв, Кострома, Котельнич, Красноярск,
Кристина, Кронштадт, Крузенштерн, Куинджи, Кубернетес, Курчатов, Кустодиев, Кутузов, Лаврентий, Ладожское, Лазаревское, Ландау, Левитан, Леонардо,
Лермонтов, Лефортово, Лжедмитрий, Лобачевский, Ломоносов, Лукерья, Лукойл, Луначарский, Люберцы, Людмила, Магнитогорск, Макарий, Максимилиан, Мандельштам,
Маргарита, Мариинск, Матвей, Махачкала, Маяковский, Мегафон, Мельпомена, Менделеев, Меркурий, Мессинг, Мефодий, Минусинск, Митрофан, Мичуринск, Моисеев,
Мурманск, Мусоргский, Мытищи, Набережные Челны, Набоков, Настасья, Нахимов, Невинномысск, Некрасов, Нефтекамск, Нижневартовск, Никанор, Никифор, Николай
Гумилёв, Новокузнецк, Новороссийск, Новосибирск, Норильск, Обнинск, Обухов, Одинцово, Озон, Октябрина, Олимпиада, Ольгерд, Оренбург, Орехово, Остафьев,
Островский, Павлодар, Пантелеймон, Пастернак, Пахомов, Пенелопа, Переславль, Петербург, Петрозаводск, Пётр Ильич, Платонида, Плещеев, Плисецкая, Подольск,
Полежаев, Поликарп, Померанцев, Порфирий, Праскевья, Прокофьев, Пугачёв, Пушкин, Пятигорск, Радищев, Раиса, Раневская, Растрелли, Рахманинов, Репин,
Роксолана, Роскосмос, Росреестр, Ростислав, Рублёв, Рыбинск, Савватий, Салават, Салтыков, Саранск, Саратов, Сбербанк, Святогор, Севастополь, Северодвинск,
Селигер, Серафима, Сергиев Посад, Серпухов, Симферополь, Скрябин, Снегурочка, Соломон, Сортавала, Софронов, Сперанский, Ставрополь, Станиславский,
Степанида, Суворов, Сургут, Сызрань, Сыктывкар, Таганрог, Тарковский, Татьяна, Терпсихора, Тинькофф, Тихвин, Тольятти, Томилино, Третьяков, Трифон,
Тургенев, Тютчев, Углич, Ульяновск, Уссурийск, Ушинский, Фаддей, Федосья, Феодосия, Филарет, Филиппов, Фонвизин, Хабаровск, Харитон, Хасавюрт, Хлебников,
Ходынка, Цветаева, Целиноград, Циолковский, Чайковский, Чаплыгин, Чебоксары, Челябинск, Череповец, Черкесск, Чернышевский, Чистополь, Чуковский, Шаляпин,
Шереметьево, Шишкин, Шолохов, Шостакович, Штирлиц, Щедрин, Щёлково, Элеонора, Электросталь, Эльвира, Эрмитаж, Эсмеральда, Юлиан, Юрюзань, Юсупов,
Яблочков, Якутск, Ярославль, Ясная Поляна`;

const termsOf = (text) =>
  text
    .split(",")
    .map((term) => term.replace(/\s+/g, " ").trim())
    .filter(Boolean);

/** By the language of the recordings; some 380 each. */
export const DISTRACTORS = { en: termsOf(EN), ru: termsOf(RU) };
