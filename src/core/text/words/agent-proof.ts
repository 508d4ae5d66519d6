// What `doctor --agent` says of an agent's rights in the cluster, in both languages.
import type { AgentProof, Disguise, ProofGap } from '../../model/agent-proof.ts';

export interface AgentProofWords {
  readonly verdicts: Readonly<Record<AgentProof['verdict'], string>>;
  readonly unknownUser: string;
  /** Groups joined by commas. */
  readonly groups: string;
  readonly powers: string;
  readonly guarded: (policy: string) => string;
  readonly gaps: string;
  readonly everywhere: string;
  readonly inNamespace: (namespace: string) => string;
  readonly onlyNames: (names: string) => string;
  /** null: no role could be read that gives it. */
  readonly by: (role: string | null, binding: string | null) => string;
  readonly more: (count: number) => string;
  readonly disguises: Readonly<Record<Disguise, string>>;
  readonly gapCodes: Readonly<Record<ProofGap['code'], string>>;
  readonly remedies: Readonly<Record<AgentProof['verdict'], string>>;
}

export const agentProofEn = {
  verdicts: {
    proven: 'proven: this identity changes nothing in the cluster past the gate',
    'not-proven': 'not proven: no way past the gate was found, but not everything could be looked at',
    disproven: 'disproven: this identity can change the cluster past the gate',
  },
  unknownUser: 'the cluster does not say who this is',
  groups: 'groups',
  powers: 'rights that nothing holds back',
  guarded: (policy) => `rights that the guard refuses to use (${policy})`,
  gaps: 'what could not be looked at',
  everywhere: 'in the whole cluster',
  inNamespace: (namespace) => `in ${namespace}`,
  onlyNames: (names) => `only ${names}`,
  by: (role, binding) => (role === null ? 'by: no role that can be read' : `by ${role}, ${binding}`),
  more: (count) => `and ${count} more (-o json shows all)`,
  disguises: {
    'becomes-another': 'it acts as somebody else',
    'grants-more': 'it gives itself more rights',
    'mints-tokens': 'it makes tokens of other accounts',
    'runs-programs': 'it runs programs, with the accounts of pods',
    'reaches-kubelets': 'it runs programs in every pod of a node',
    'signs-identities': 'it signs certificates of others',
    'unlocks-admission': 'it switches off the guard',
    'reads-credentials': 'it reads tokens of accounts',
  },
  gapCodes: {
    'rules-incomplete': 'the cluster does not list all of its rights',
    'rules-unreadable': 'its rights could not be read',
    'namespaces-unreadable': 'the namespaces could not be listed',
    'too-many-namespaces': 'there are too many namespaces',
    'kinds-unreadable': 'what kinds the cluster has could not be read',
    'identity-unreadable': 'who it is could not be read',
    'access-unanswered': 'no answer to whether it may',
    'credentials-unreadable': 'it may read Secrets; whether one is a token of an account could not be read',
    'guard-untried': 'whether the guard refuses it could not be tried',
  },
  remedies: {
    proven: 'Ask again whenever roles or bindings change.',
    'not-proven': 'Set KUBECONFIG to an account that may read namespaces, roles and admission policies, and ask again.',
    disproven:
      'Take from it what nothing holds back. The guard holds writes and programs; it cannot hold impersonation, tokens and admission objects (docs/operate.md, "In the path").',
  },
} as const satisfies AgentProofWords;

export const agentProofZhTw = {
  verdicts: {
    proven: '已證明：此身分無法繞過閘門變更叢集',
    'not-proven': '未能證明：未發現繞過閘門的途徑，但並非所有項目都能檢查',
    disproven: '已推翻：此身分可以繞過閘門變更叢集',
  },
  unknownUser: '叢集未說明這是誰',
  groups: '群組',
  powers: '沒有任何機制阻擋的權限',
  guarded: (policy) => `守衛拒絕使用的權限（${policy}）`,
  gaps: '無法檢查的項目',
  everywhere: '整個叢集',
  inNamespace: (namespace) => `在 ${namespace}`,
  onlyNames: (names) => `僅限 ${names}`,
  by: (role, binding) => (role === null ? '來源：沒有可讀取的角色' : `來自 ${role}、${binding}`),
  more: (count) => `另有 ${count} 項（-o json 顯示全部）`,
  disguises: {
    'becomes-another': '可以冒充他人行事',
    'grants-more': '可以給自己更多權限',
    'mints-tokens': '可以製作其他帳號的權杖',
    'runs-programs': '可以用 Pod 的帳號執行程式',
    'reaches-kubelets': '可以在節點的所有 Pod 中執行程式',
    'signs-identities': '可以簽發他人的憑證',
    'unlocks-admission': '可以關閉守衛',
    'reads-credentials': '可以讀取帳號的權杖',
  },
  gapCodes: {
    'rules-incomplete': '叢集未列出其全部權限',
    'rules-unreadable': '無法讀取其權限',
    'namespaces-unreadable': '無法列出命名空間',
    'too-many-namespaces': '命名空間過多',
    'kinds-unreadable': '無法讀取叢集有哪些種類',
    'identity-unreadable': '無法讀取其身分',
    'access-unanswered': '無法得知是否允許',
    'credentials-unreadable': '可讀取 Secret；無法得知其中是否有帳號的權杖',
    'guard-untried': '無法試驗守衛是否拒絕',
  },
  remedies: {
    proven: '角色或綁定變更後請再次檢查。',
    'not-proven': '請將 KUBECONFIG 設為可讀取命名空間、角色與准入政策的帳號，再檢查一次。',
    disproven:
      '請移除上述沒有任何機制阻擋的權限。守衛可阻擋寫入與程式，但無法阻擋冒充、權杖與准入物件（docs/operate.md，"In the path"）。',
  },
} as const satisfies AgentProofWords;
