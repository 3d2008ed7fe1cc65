/**
 * Names of services that issue credentials of no telling form: what looks random close after one is its token.
 * Names of fewer than four letters, and those that prose uses for other things, are left out.
 */
export const vendorNames: readonly string[] = `
  abstractapi abyssale accuweather adafruit adobe adzuna aeroworkflow agora aha airbrake aircall airship
  airtable airvisual aiven alchemy alconost alegra aletheia algolia alibaba alienvault aliyun allsports
  amadeus ambee amplitude anthropic anypoint apacta api2cart apideck apiflash apifonica apify apilayer
  apimatic apimetrics apitemplate apollo appcues appfollow appointedd appoptics appsflyer appsynergy
  apptivo artifactory artsy asana assemblyai astra atera atlassian audd auth0 autodesk autoklose autopilot
  avaza aviationstack axiom axonaut aylien ayrshare azure azuread bannerbear baremetrics baseapi beamer
  beebole besnappy besttime betterstack billomat binance bingsubscription bitbar bitbucket bitcoinaverage
  bitfinex bitly bitmex bittrex blazemeter blitapp blocknative blogger bombbomb boostnote borgbase boxapp
  braintree brandfetch braze brevo browserstack browshot bscscan buddyns budibase bugherd bugsnag
  buildkite bulbul bulksms buttercms bybit caflou calendarific calendly calorieninja campayn cannyio
  capsulecrm captaindata carboninterface cashboard caspio censys centralstation cexio chargebee chartmogul
  chatbot chatfule chatwork checio checkly checkmarx checkout checkvist chroma cicero circleci clarifai
  clearbit clerk clickhelp clicksend clickup cliengo clientary clinchpad clockify clockworksms closecrm
  cloudant cloudconvert cloudelements cloudflare cloudimage cloudinary cloudmersive cloudplan cloudsmith
  cloudways cloverly cloze clustdoc cockroach coda codacy codeclimate codecov codefresh codemagic
  codequiry cohere coinapi coinbase coinlayer coinlib coinmarketcap collect2 commercejs commodities
  companyhub confluent contentful contentstack convertapi convertkit convex convier copyscape couchbase
  countrylayer courier coveralls cpanel craftmypdf crowdin crowdstrike cryptocompare currencycloud
  currencyfreaks currencylayer currencyscoop currentsapi customer.io customerguru customerio d7network
  dailyco dandelion dareboost databox databricks datadog datafire datagov datarobot datastax debounce
  deepai deepgram deepl deepseek delighted demio deno deputy descope detectify detectlanguage dfuse
  diffbot diggernaut digitalocean discord discourse disqus ditto dnscheck dnsimple dockerhub docparser
  documo docusign doppler dotdigital dotmailer dovico dronahq droneci dropbox dudamobile duffel duply
  dwolla dynadot dynalist dynatrace dyspatch eagleeye easyinsight easypost ecostruxure edamam edenai
  eightxeight elastic elasticemail elevenlabs enablex endorlabs enigma envoy eraser etherscan ethplorer
  etsy eventbrite everhour exchangerate exportsdk extractorapi facebook faceplusplus facepp fastforex
  fastly fastspring fauna feedier fetchrss fibery figma fileio finage financialmodelingprep findl finicity
  finnhub firebase fixerio flatio fleetbase flexport flickr flightapi flightlabs flightstats flowflu
  flutterwave formbucket formcraft formio formsite foursquare frameio freshbooks freshdesk freshservice
  frontegg fulcrum fullcontact fullstory fxmarket gemini gengo geoapify geocode geocodify geocodio
  geoipify getemail getgeoapi getgist getresponse getsandbox giphy gitalk gitea gitlab gitter glassnode
  glitterly gocanvas gocardless godaddy goodday grafana graphcms graphhopper greenhouse greynoise groovehq
  gtmetrix guardian gumroad guru gyazo hackerone happyscribe harness harvest hashicorp hellosign
  helpcrunch helpscout hereapi heroku hetzner hive hiveage holidayapi holistic honeybadger honeycomb
  html2pdf hubspot huggingface humanity hunterio hybiscus hypertrack iconfinder iexapis iexcloud imagekit
  imagga impala influx influxdb infobip infura inngest insightly instabot instagram instamojo integromat
  intercom interseller intrinio invoiceocean ip2location ipapi ipgeolocation ipinfo ipquality ipstack
  jenkins jfrog jira jotform jumpcloud jumpseller jwtio kairos kaleyra kanban kanbantool karma karmacrm
  keenio keycdn kickbox kinde klaviyo klipfolio knapsackpro knock kontent kraken kucoin kustomer kylas
  lacework languagelayer larksuite launchdarkly leadfeeder leanplum lemlist lessannoyingcrm lexigram
  lightstep linear linemessaging linenotify linkedin linkpreview linode liveagent livechat livestorm
  loadmill lob localytics locationiq logdna loggly loginradius logrocket logzio lokalise looker loops
  loyverse lunchmoney luno madkudu magicbell magnetic mailboxlayer mailchimp mailerlite mailersend mailgun
  mailjet mailmodo mailsac mailtrap mandrill mapbox mapquest marketo marketstack mattermost mavenlink
  maxmind meaningcloud mediastack meilisearch meistertask memberful mesibo messagebird metaapi metabase
  metrilo milvus mindmeister miro mistral mite mixmax mixpanel mockaroo mollie monday mondaycom
  monkeylearn moonclerck moonclerk moosend moov moralis mrticktock mux myfreshworks myintervals nasdaq
  neon neptune nethunt netlify netsuite neutrinoapi new_relic newrelic newsapi newscatcher nexmo nftport
  ngrok nicereply nightfall nimble noticeable notion novu nozbe npmjs numverify nutritionix nvapi nvidia
  nylas nytimes oanda okta omnisend onedesk onelogin onepagecrm onesignal onfleet onwater oopspam openai
  opencage opencagedata opensearch openuv openvpn openweather opsgenie optimizely oracle overloop owlbot
  owm packagecloud packagist pagarme pagerduty pandadoc pandascore paralleldots parsehub parsers parseur
  partnerstack passbase pastebin paydirt paymo paymongo paypal paystack payu pdflayer pdfshift
  peopledatalabs pepipost permit perplexity phrase pinata pinecone pingdom pinterest pipedream pipedrive
  pivotaltracker pixabay plaid planetscale planview planyo plivo plunk podio pollsapi poloniex polygon
  portainer positionstack postageapp postbacks posthog postman postmark powrbot prefect prodpad prospect
  prospectcrm protocolsio proxycrawl pubnub pulumi purestake pushbullet pusher pushover pyowm qase qdrant
  qualaroo qualtrics qubole questdb quickbooks quicknode rabbit rabbitmq railway ramp rancher rapid7
  rapidapi rawg razorpay reachmail readme reallysimple rebrandly recharge recurly reddit refiner rentman
  repairshopr replicate replyio requestfinance resend restpack revampcrm revcontent rightsignature
  ringcentral ritekit roaring robinhood rocketchat rocketreach rollbar ronin route4me rownd runrunit
  runscope saladcloud salesblink salescookie salesflare salesforce salesmate sanity satismeter saucelabs
  scaleway scalr scrapeowl scraperapi scraperbox scrapestack scrapfly scrapingant scrapingbee
  screenshotapi screenshotlayer scrutinizer securitytrails segment selectpdf semantria semaphore sendbird
  sendgrid sendinblue sentiment sentinelone sentry serpapi serphouse serpstack servicenow sheety
  sherpadesk shipday shippo shodan shopify shortcut shortio shotstack shutterstock sidekiq signable
  signalwire signaturit signupgenius sigopt simfin simplesat simplynoted simvoly sinch singlestore sirv
  siteleaf skrapp skybiometry slack smartsheet smarty smartystreets smooch smtp2go snapchat snipcart
  snowflake snyk sonar sonarcloud sonarqube soundcloud sourcegraph sparkpost speakeasy speechtext splunk
  spoonacular sportradar sportsmonk spotify squarespace squareup sslmate stabilityai statuscake statuspage
  statusticker stitchdata stockdata storecove stormboard stormglass storyblok storychief strava streak
  stripe stripo stytch sugester sumologic supabase superb supernotes surveyanyplace surveybot surveymonkey
  surveysparrow survicate svix swell swiftype tableau tailscale tallyfy tatum taxjar teamcity teamgate
  teamwork technicalanalysis tefter telegram teletype telnyx tencent terraform testingbot testrail
  text2data textmagic theoddsapi thinkific thousandeyes ticketmaster tickettailor ticktick tiingo tiktok
  timecamp timescale timezoneapi todoist toggl tokeet tomorrowio tomtom tradier transferwise travelpayouts
  travis travisci trello trigger trufflehog turso twelvedata twilio twitch twitter tyntec typeform
  typesense typetalk ubidots uclassify unbounce unifyid unplugg unsplash uplead uploadcare upstash
  uptimerobot upwave urlscan userflow userstack vagrant vatlayer vault vbout vercel verifier verimail
  veriphone versioneye viewneo vimeo virustotal visualcrossing voiceflow voicegain vonage voodoosms
  vouchery vpnapi vultr vyte wakatime walkscore wandb weatherapi weatherbit weatherstack weaviate
  web3storage webex webflow webhook webscraper webscraping weglot wepay whoxy wistia woocommerce workato
  workday workos worksnaps workstack worldcoin worldweather wrike xata xero yandex yelp youneedabudget
  yousign youtrack zapier zendesk zenkit zenrows zenscrape zenserp zeplin zerobounce zerotier zhipu zipapi
  zipbooks zipcodeapi zipcodebase zixflow zoho zonka zoominfo zulip zuora
`
  .trim()
  .split(/\s+/);
