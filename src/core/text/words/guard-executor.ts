// What `guard-executor` says beside the objects that it prints, in both languages.

export interface GuardExecutorWords {
  readonly install: string;
  readonly prepared: string;
  readonly taken: string;
  readonly noNext: string;
  readonly client: string;
}

export const guardExecutorEn = {
  install:
    'Install it with kubectl apply -f -. From then on the account of the gate writes nothing that nobody has approved.',
  prepared:
    'The next CA is made, and the bundle trusts both. Install this everywhere where the CA is trusted, then run `blastgate guard-executor --switch-ca`.',
  taken: 'The next CA is used now. Make new client files with --client within the life of the old ones.',
  noNext: 'there is no next CA: make it with --next-ca, and install what that prints first',
  client: 'This holds a private key: write it to files of the API server alone (mode 600), one document each.',
} as const satisfies GuardExecutorWords;

export const guardExecutorZhTw = {
  install: '請以 kubectl apply -f - 安裝。此後閘門的帳號無法寫入任何未經核准的內容。',
  prepared:
    '下一個 CA 已建立，憑證組合同時信任兩者。請先安裝到所有信任此 CA 之處，再執行 `blastgate guard-executor --switch-ca`。',
  taken: '現在使用下一個 CA。請在舊的客戶端檔案到期前以 --client 製作新的。',
  noNext: '沒有下一個 CA：請先以 --next-ca 建立，並安裝其輸出',
  client: '內含私鑰：請寫入僅 API server 可讀的檔案（模式 600），每份文件各一個檔案。',
} as const satisfies GuardExecutorWords;
