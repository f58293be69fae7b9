import type {
  BuiltInCheckId,
  CauseId,
} from 'backstage-plugin-hoop-authentik-common';
import type { TranslatedId } from '../checkMessages';

/** Title and remedy. */
type Texts = readonly [string, string];

const TEMPLATE = 'Die Vorlage erneut ausführen';

/** What is checked, and what makes it pass. */
const checks: Record<BuiltInCheckId, Texts> = {
  'authentik.reachable': [
    'authentik antwortet und nimmt das Token an',
    'Dem Problem folgen, das die Ursache nennt: authentik muss für dieses Backend unter der baseUrl aus app-config erreichbar und das API-Token gültig sein.',
  ],
  'authentik.permissions': [
    'Token hat die nötigen Leserechte',
    'Dem Benutzer des Tokens das genannte Recht global geben, über eine Rolle.',
  ],
  'authentik.application': [
    'Anwendung ist vorhanden',
    'Das Gateway mit der Vorlage verbinden; sie legt die Anwendung an.',
  ],
  'authentik.provider': [
    'Provider ist OAuth2/OpenID, vertraulich, mit lesbaren Claims',
    `${TEMPLATE}: Sie berichtigt den Provider oder nennt den, der im Weg steht.`,
  ],
  'authentik.redirect-uri': [
    'Redirect-URI ist strict und genau',
    `${TEMPLATE}: Sie ergänzt die Redirect-URI. Solche, die nichts benutzt, entfernen.`,
  ],
  'authentik.signing-key': [
    'Signaturschlüssel ist brauchbar',
    `${TEMPLATE}: Sie wählt ein brauchbares Zertifikat.`,
  ],
  'authentik.signing-key-expiry': [
    'Signaturzertifikat gilt noch 30 Tage',
    'Die Vorlage zum Reparieren mit einem neuen Signaturschlüssel ausführen: Sie legt ein Zertifikat nur für diese Anwendung an und startet das Gateway neu. Alle Sitzungen des Gateways enden.',
  ],
  'authentik.signing-key-shared': [
    'Signaturschlüssel gehört nur dieser Anwendung',
    'Die Vorlage zum Reparieren mit einem neuen Signaturschlüssel ausführen: Sie legt ein Zertifikat nur für diese Anwendung an und startet das Gateway neu. Alle Sitzungen des Gateways enden.',
  ],
  'authentik.encryption-key': [
    'Tokens sind nicht verschlüsselt',
    `${TEMPLATE}: Sie entfernt den Verschlüsselungsschlüssel.`,
  ],
  'authentik.scopes': [
    'Scopes openid, email und profile sind zugeordnet',
    `${TEMPLATE}: Sie ergänzt die Zuordnungen.`,
  ],
  'authentik.grant-types': [
    'Grant-Typen erlauben den Authorization Code',
    `${TEMPLATE}: Sie ergänzt die Grant-Typen.`,
  ],
  'authentik.bindings': [
    'Zugang ist an eine Richtlinie, Gruppe oder Person gebunden',
    'Mit der Vorlage eine Gruppe binden. Sollen sich alle anmelden dürfen, in app-config für das Gateway allowedGroups: [] eintragen.',
  ],
  'authentik.declared-bindings': [
    'Gruppen aus app-config dürfen sich anmelden',
    'Die Vorlage mit diesen Gruppen ausführen oder sie aus allowedGroups entfernen.',
  ],
  'authentik.issuer-mode': [
    'Aussteller ist der der Anwendung',
    `${TEMPLATE}: Sie setzt den Issuer-Modus auf per_provider.`,
  ],
  'authentik.discovery': [
    'Discovery-Dokument hat den genauen Aussteller und brauchbare Schlüssel',
    'In app-config die baseUrl der authentik-Instanz auf ihre öffentliche URL setzen und die Vorlage erneut ausführen.',
  ],
  'authentik.authorize': [
    'authentik nimmt eine Autorisierungsanfrage des Gateways an',
    `${TEMPLATE}: Sie berichtigt Redirect-URI und Grant-Typen.`,
  ],
  'authentik.client-secret': [
    'authentik nimmt das Client-Secret an',
    'In authentik ein neues Client-Secret aus Buchstaben und Ziffern setzen und die Vorlage erneut ausführen.',
  ],
  'authentik.groups-claim': [
    'Gruppen erreichen das Gateway in dem Claim, den es liest',
    `${TEMPLATE}: Sie ordnet den Scope profile zu. Eine eigene Zuordnung für diesen Scope muss auch die Namen aller Gruppen liefern.`,
  ],
  'authentik.email-claim': [
    'E-Mail-Adresse erreicht das Gateway',
    `${TEMPLATE}: Sie ordnet den Scope email zu. Wer sich anmeldet, braucht eine E-Mail-Adresse.`,
  ],
  'authentik.token-size': [
    'Access-Token passt in ein Cookie',
    'Am Gateway URL_TOKEN_EXCHANGE=force setzen oder weniger Gruppen zuordnen.',
  ],
  'kubernetes.reachable': [
    'Deployment des Gateways kann gelesen werden',
    'Dem Problem folgen, das die Ursache nennt: Der Cluster muss für dieses Backend erreichbar sein und dessen Konto die beschriebenen Rechte haben.',
  ],
  'kubernetes.settings': [
    'Die fünf Einstellungen passen zur Anwendung',
    `${TEMPLATE}: Sie schreibt die Einstellungen, die abweichen. Enthält das Secret einen Verweis, das Client-Secret aus authentik dort hinterlegen, wohin er führt.`,
  ],
  'kubernetes.shadowing': [
    'Nichts überdeckt die Einstellungen',
    'Die Einstellung aus der genannten Quelle entfernen.',
  ],
  'kubernetes.rollout': [
    'Rollout ist fertig und Container laufen',
    'Dem Befund zum Container folgen. Schlägt eine Umstellung fehl, werden die vorigen Einstellungen wiederhergestellt.',
  ],
  'kubernetes.restarted': [
    'Gateway läuft mit den gespeicherten Einstellungen',
    'Das Gateway neu starten: Ein Container behält die Umgebung, mit der er gestartet ist.',
  ],
  'kubernetes.image': [
    'Image des Gateways ist eine feste Version',
    'Im Deployment eine feste Version oder einen Digest nennen.',
  ],
  'gateway.reachable': [
    'Gateway antwortet',
    'Dem Problem folgen, das die Ursache nennt: Das Gateway muss für dieses Backend unter der url aus app-config erreichbar sein, und was es am Laufen hindert, muss behoben werden.',
  ],
  'gateway.version': [
    'Version des Gateways kennt die Einstellungen',
    'Das Gateway auf die genannte Version aktualisieren.',
  ],
  'gateway.api-url': [
    'API_URL des Gateways ist seine öffentliche URL',
    'API_URL dort, wo das Gateway seine Einstellungen liest, auf die öffentliche URL ohne Pfad setzen und das Gateway neu starten.',
  ],
  'gateway.stored-configuration': [
    'Im Gateway gespeicherte Konfiguration stimmt mit den Einstellungen überein',
    'Die gespeicherte Konfiguration im Gateway unter Integrations > Authentication entfernen oder ändern, oder das Ziel gatewayApi verwenden. Ist eine Umstellung unbestätigt, die Vorlage erneut ausführen.',
  ],
  'gateway.auth-method': [
    'Gateway meldet mit OpenID Connect an',
    'Das Gateway mit der Vorlage verbinden; sie setzt AUTH_METHOD und startet es neu.',
  ],
  'gateway.oidc-loaded': [
    'Gateway hat authentik geladen',
    'Das Protokoll des Gateways lesen: Es nennt, was nicht geladen werden konnte.',
  ],
  'gateway.admin-group': [
    'Gateway und app-config nennen dieselbe Admin-Gruppe',
    'adminGroup in app-config oder ADMIN_USERNAME des Gateways angleichen, oder den Unterschied mit allowLockout hinnehmen.',
  ],
  'sign-in.administrator': [
    'Mindestens ein Administrator kann sich anmelden',
    'Jemanden in die Gruppe aufnehmen, ihren Mitgliedern die Anwendung erlauben, adminGroup in app-config auf den genauen Namen setzen, oder das Risiko mit allowLockout hinnehmen.',
  ],
  'sign-in.first-user': [
    'Gateway hat schon einen Benutzer',
    'Zuerst den vorgesehenen Administrator anmelden lassen.',
  ],
  'sign-in.login-url': [
    'hoop login führt zur Anmeldeseite für diese Anwendung',
    `${TEMPLATE}. Eine falsche Redirect-URI kommt von API_URL des Gateways. Zeigt authentik keine Anmeldeseite, der Brand einen Authentifizierungs-Flow geben; antwortet eine andere Seite, den Proxy vor authentik prüfen.`,
  ],
  'sign-in.test-account': [
    'Testkonto meldet sich an',
    'Dem Befund zu dem Schritt folgen, der fehlgeschlagen ist.',
  ],
};

const NETWORK =
  'Adresse, DNS, Firewall und Proxy zwischen diesem Backend und dem System prüfen.';
const LATER = 'Das System ist ausgelastet; später erneut versuchen.';
const LOGS = 'Das Protokoll des Systems lesen, dann erneut versuchen.';
const ADDRESS =
  'Die Adresse in app-config prüfen: Was dort antwortet, ist vielleicht ein Proxy oder ein anderes System.';
const BACKEND_LOG = 'Das Protokoll dieses Backends lesen.';

/** Outages and refusals. */
const causes: Record<CauseId, Texts> = {
  'gateway.down': [
    'Gateway läuft nicht',
    'Beheben, was der Fehler nennt: Das Protokoll des Gateways hat die Einzelheiten.',
  ],
  'authentik.unreachable': ['authentik ist nicht erreichbar', NETWORK],
  'authentik.token-refused': [
    'authentik lehnt das API-Token ab',
    'In app-config ein gültiges API-Token der authentik-Instanz setzen.',
  ],
  'authentik.permission-missing': [
    'Dem Token fehlt ein Recht in authentik',
    'Dem Benutzer des Tokens das genannte Recht global geben, über eine Rolle.',
  ],
  'authentik.overloaded': ['authentik ist ausgelastet oder startet', LATER],
  'authentik.server-error': ['authentik meldet einen Serverfehler', LOGS],
  'authentik.unexpected-answer': ['authentik antwortet unerwartet', ADDRESS],
  'authentik.misconfigured': [
    'authentik weist eine Anfrage zurück',
    'Die Angaben zur Instanz in app-config prüfen.',
  ],
  'authentik.failed': ['authentik konnte nicht gelesen werden', BACKEND_LOG],
  'kubernetes.unreachable': ['Kubernetes-API ist nicht erreichbar', NETWORK],
  'kubernetes.token-refused': [
    'Kubernetes lehnt die Zugangsdaten ab',
    'Die Zugangsdaten des Clusters in app-config oder kubeconfig erneuern.',
  ],
  'kubernetes.forbidden': [
    'Dem Konto fehlt ein Recht im Cluster',
    'Dem Konto dieses Backends das genannte Recht im Cluster geben.',
  ],
  'kubernetes.overloaded': ['Kubernetes-API ist ausgelastet', LATER],
  'kubernetes.server-error': ['Kubernetes-API meldet einen Serverfehler', LOGS],
  'kubernetes.unexpected-answer': [
    'Kubernetes-API antwortet unerwartet',
    ADDRESS,
  ],
  'kubernetes.misconfigured': [
    'Ziel in app-config passt nicht zum Cluster',
    'Namespace, Deployment und Container des Gateways in app-config prüfen.',
  ],
  'kubernetes.failed': [
    'Deployment des Gateways konnte nicht gelesen werden',
    BACKEND_LOG,
  ],
  'gateway.unreachable': ['Gateway ist nicht erreichbar', NETWORK],
  'gateway.key-refused': [
    'Gateway lehnt den API-Schlüssel ab',
    'In app-config einen gültigen apiKey eines Administrators setzen.',
  ],
  'gateway.overloaded': ['Gateway ist ausgelastet', LATER],
  'gateway.server-error': ['Gateway meldet einen Serverfehler', LOGS],
  'gateway.unexpected-answer': ['Gateway antwortet unerwartet', ADDRESS],
  'gateway.misconfigured': [
    'Gateway weist eine Anfrage zurück',
    'Die Angaben zum Gateway in app-config prüfen.',
  ],
  'gateway.failed': ['Gateway konnte nicht gelesen werden', BACKEND_LOG],
};

const TEXTS: Record<TranslatedId, Texts> = { ...checks, ...causes };

/** As messages of the plugin. @internal */
export const checkMessages = Object.fromEntries(
  Object.entries(TEXTS).flatMap(([id, [title, remedy]]) => [
    [`checkTitle.${id}`, title],
    [`checkRemedy.${id}`, remedy],
  ]),
) as Record<
  `checkTitle.${TranslatedId}` | `checkRemedy.${TranslatedId}`,
  string
>;
