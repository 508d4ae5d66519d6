// What each refusal says and what to do instead, in Traditional Chinese.
import type { Dictionary } from './dictionary.ts';

export const refusalsZhTw = {
  'hard-rule': { message: '硬性規則封鎖此動作，任何人核准皆無效。', remedy: null },
  'hard-rule-undecided': {
    message: '依現有資訊無法判定硬性規則是否適用。',
    remedy: '請指明資源類型、附上清單內容，或授予閘門讀取該物件的權限。',
  },
  'empty-command': { message: '沒有指令。', remedy: '請提供一個 kubectl 指令。' },
  'unreadable-line': { message: '此行無法以 shell 語法讀取。', remedy: '請以 argv 陣列送出指令。' },
  'shell-syntax': {
    message: '此行不只是一個由普通或引號字詞組成的簡單指令。',
    remedy: '請逐一提出指令，不要使用管線、重新導向、替換、萬用字元或變數。',
  },
  wrapper: { message: '指令透過其他程式執行。', remedy: '請直接提出 kubectl 指令。' },
  'kubectl-path': { message: 'kubectl 以路徑或其他名稱指定。', remedy: '請直接寫 kubectl。' },
  assignment: { message: '指令前設定了變數。', remedy: '請移除該設定。' },
  'not-kubectl': { message: '此程式不是 kubectl。', remedy: '請提出效果相同的 kubectl 指令。' },
  'unknown-word': {
    message: '有字詞的內容要到執行時才知道。',
    remedy: '請直接寫出值，不要使用變數、替換或萬用字元。',
  },
  'unknown-command': { message: 'kubectl 沒有此指令；外掛是任意程式。', remedy: '請檢查拼字，或使用內建指令。' },
  'unknown-flag': { message: 'kubectl 在此不認得這個旗標。', remedy: '請以該指令的 --help 檢查旗標。' },
  'bad-flag-value': { message: 'kubectl 會拒絕此旗標的值。', remedy: '請更正該值。' },
  'usage-error': { message: 'kubectl 會以用法錯誤拒絕此指令。', remedy: '請更正參數。' },
  'unknown-kind': {
    message: '此處不認得該資源類型。',
    remedy: '請使用 resource.version.group，或詢問認得該叢集的閘門。',
  },
  'invalid-name': { message: 'API 伺服器會拒絕此名稱。', remedy: '名稱只能使用小寫 ASCII 字母、數字、「-」與「.」。' },
  'identity-flag': {
    message: '有旗標選擇了其他叢集、身分或 kubectl 設定。',
    remedy: '請移除該旗標：閘門使用自己的叢集與身分。',
  },
  'raw-request': { message: '原始請求一律不執行。', remedy: '請對同一物件使用具型別的指令。' },
  'unreadable-request': {
    message: '無法確定地讀懂此請求，API 伺服器可能有不同的解讀。',
    remedy: '請送出每個鍵與參數只出現一次的 Kubernetes API 請求，或改用做同一件事的 kubectl 指令。',
  },
  interactive: { message: '互動式指令一律不執行。', remedy: '請使用不需要終端機的指令。' },
  'unseen-content': { message: '提案未附上清單內容。', remedy: '請隨提案送出檔案。' },
  'host-file': {
    message: '有旗標會讀寫主機上的檔案。',
    remedy: '請移除該旗標；值必須寫在指令中或隨附的清單裡。',
  },
  'conflicting-flags': {
    message: '同一旗標給了兩次不同的值，只有最後一個會生效。',
    remedy: '請只給一次。',
  },
  'local-config': { message: '此指令會變更本機設定檔。', remedy: null },
  'too-large': { message: '指令超過 64 KiB。', remedy: '請減少每次提出的內容。' },
  'calculation-failed': { message: '無法計算爆炸半徑。', remedy: '由人決定；請將此回報為錯誤。' },
  'too-complex': {
    message: '判定耗時過久，或判定結果過大。',
    remedy: '請減少每次提出的內容：較少的物件、容器或巢狀指令。',
  },
  busy: { message: '等待判定的請求過多。', remedy: '請幾秒後再試。' },
  // of proposing
  'nothing-to-do': {
    message: '不會改變任何事，沒有可核准的內容：讀取或試跑。',
    remedy: '讀取或試跑請直接執行。',
  },
  'no-executor': {
    message: '閘門無法執行此動作。',
    remedy: '請由人以 kubectl 執行。閘門不執行的動作列於 docs/operate.md：終端機、token、主機上的檔案。',
  },
  'not-found': { message: '物件不存在。', remedy: '請檢查名稱與命名空間。' },
  'no-targets': { message: '選擇器沒有選到任何物件。', remedy: '請檢查選擇器與命名空間。' },
  'rollout-paused': { message: 'rollout 已暫停：不會有任何更新。', remedy: '請先以 `kubectl rollout resume` 恢復。' },
  'update-on-delete': {
    message: 'updateStrategy 為 OnDelete：刪除 pod 之前不會有任何更新。',
    remedy: '請由人員執行並逐一刪除 pod，或變更 updateStrategy。',
  },
  'autoscaler-bounds': {
    message: '自動擴縮器會立刻改成其他副本數。',
    remedy: '請選擇其範圍內的數量，或先變更自動擴縮器。',
  },
  'drain-refused': {
    message: 'kubectl 會拒絕 drain：有它不可移走的 Pod。',
    remedy: '若這些 Pod 可以離開或留下，請加上所指出的旗標；否則請先移走它們。',
  },
  'no-cluster-right': {
    message: '閘門在叢集中沒有執行此動作的權限。',
    remedy:
      '請綁定 deploy/rbac.yaml 中授予此權限的角色（`blastgate doctor` 會指出停用者），沒有的話請自訂角色；或由人執行。',
  },
  frozen: {
    message: '政策的凍結期間擋住此動作[：{subject}]。',
    remedy: '請等待凍結結束；若已核准且仍在期限內，屆時會自動執行。',
  },
  paused: {
    message: '閘門已暫停。',
    remedy: '請等待管理者執行 `blastgate resume`；若只有一個叢集暫停，則加上 --cluster NAME。',
  },
  'rate-limited': { message: '一分鐘內提案過多。', remedy: '請一分鐘後再提。' },
  'bad-incident': {
    message: '事件編號無效。',
    remedy: '請使用字母、數字、「.」「_」「:」「-」，最多 64 字元，以字母或數字開頭。',
  },
  'cluster-required': {
    message: '此閘門管理多個叢集，而沒有指明是哪一個。',
    remedy: '請用 --cluster NAME、在內文以 "cluster"，或以 kubectl 的 --context blastgate-NAME 指明一個。',
  },
  'unknown-cluster': {
    message: '此閘門沒有管理這個名稱的叢集。',
    remedy: '請使用 clusters.yaml 列出的名稱；使用 kubectl 時，請重新產生 kubeconfig（`blastgate kubeconfig`）。',
  },
  // of votes
  'unknown-person': { message: '此帳號不屬於任何已知的人。', remedy: '請將其加入 people.yaml。' },
  'no-right': { message: '此人或代理缺少權限。', remedy: '請管理員在 people.yaml 中授權。' },
  'own-proposal': { message: '任何人都不能核准自己或其代理的提案。', remedy: '請找另一個人。' },
  'no-own-vote': { message: '此人在這個提案上沒有投票。', remedy: null },
  'card-changed': {
    message: '此回覆所在的卡片或審核 issue，內容與閘門寫的不同：可能遭人更改，或閘門正在更新。',
    remedy:
      '請在主控台或以 `blastgate show` 閱讀提案。若卡片內容仍不相符，請查明誰持有機器人的權杖；若是 issue，forge 會顯示是誰編輯的。',
  },
  'login-again': { message: '政策要求在此投票前重新登入。', remedy: '請重新登入後再投票。' },
  'already-voted': { message: '此人已經投過票。', remedy: null },
  'wrong-digest': { message: '此摘要值不是目前開放的那一個。', remedy: '請重新讀取提案，並使用目前顯示的摘要值。' },
  'digest-required': {
    message: '此事件曾有不只一個封存的摘要值。',
    remedy: '請重複指令，並附上摘要值的前 6 位或更多。',
  },
  'not-open': { message: '此提案不再接受投票。', remedy: '請以 `blastgate status` 查看其狀態；必要時重新提出。' },
  'wrong-channel': {
    message: '政策不採計由此管道送來的核准。',
    remedy: '請改由政策所列的管道核准。',
  },
  'reason-required': {
    message: '政策要求說明理由：沒有理由的核准不予採計。',
    remedy: '請附上理由：`--reason "…"`，或在聊天與留言中於摘要值之後寫 `because …`。',
  },
  'review-missing': {
    message: '政策要求先有審核 issue（`review: required`），目前尚未建立。',
    remedy: '閘門會持續重試；`blastgate doctor` 會說明 forge 缺少什麼。隨時都可以否決。',
  },
  'no-such-proposal': { message: '沒有此提案。', remedy: '請以 `blastgate list` 列出提案。' },
  expired: { message: '核准太遲或已過期。', remedy: '請重新提出指令。' },
  // of executing
  'uid-changed': { message: '物件已不是封存時的那一個。', remedy: '請重新提出指令。' },
  'pre-image-changed': { message: '物件在封存後已變更[：{difference}]。', remedy: '請重新提出指令。' },
  'other-cluster': { message: '此規格是為另一個叢集封存的。', remedy: '請向該叢集的閘門提出。' },
  'tier-raised': { message: '重新判定後，此動作屬於更高的等級。', remedy: '請重新提出指令。' },
  'approval-raised': {
    message: '政策現在要求的核准比提案時更多。',
    remedy: '請重新提出指令：屆時會顯示現在的要求。',
  },
  'targets-changed': { message: '選擇器現在選到的物件與封存時不同。', remedy: '請重新提出指令。' },
  'dry-run-refused': { message: 'API 伺服器拒絕了試跑。', remedy: '請閱讀其訊息，更正指令後重新提出。' },
  'way-back-gone': { message: '沒有閘門可以執行的回滾。', remedy: '必須由人決定如何處理。' },
  'other-writer': { message: '另一個修復正在寫入同一工作負載。', remedy: '待其結束後即開始。' },
  'program-unanswered': {
    message: '不知道程式是否執行過、如何結束：連線比程式先結束。',
    remedy: '程式可能仍在執行：請先查看容器（`kubectl exec POD -- ps`），再提出尚待完成的部分。閘門不會再執行一次。',
  },
  // 經由代理伺服器的請求
  'path-refused': {
    message: '代理伺服器不轉送此位址的請求，或該位址有兩種讀法。',
    remedy: '請使用資源類型的一般路徑，不要包含 ".."、"//"、跳脫的斜線、/watch/ 與 /proxy/。',
  },
  'header-refused': {
    message: '請求的標頭宣稱另一個身分，或有兩種讀法。',
    remedy: '請移除 Impersonate-… 與 X-Remote-… 標頭（kubectl --as）：閘門以您的權杖辨識您。',
  },
  'body-refused': {
    message: '代理伺服器不接受這種形式的內容。',
    remedy: '請不要使用 Content-Encoding，內容最多 3 MiB，GET 請勿帶內容。',
  },
  'secret-read': {
    message: '不能經由代理伺服器讀取 Secret。',
    remedy: '請洽有權讀取的人；工作負載請以名稱引用該 Secret。',
  },
  'stream-refused': {
    message: 'exec、attach、port-forward、cp 與 …/proxy 不經過代理伺服器。',
    remedy: '容器中的指令請以 `blastgate propose` 提案；其他請洽人員處理。',
  },
  'approval-required': {
    message: '人員尚未同意，代理伺服器不再等候。',
    remedy: '請再次執行同一指令，以等候同一個提案。',
  },
  'not-done-yet': {
    message: '已核准，但叢集尚未回覆，代理伺服器不再等候。',
    remedy: '再次執行任何動作前，請先查看：它仍可能被執行。',
  },
  'too-many-waiting': {
    message: '此代理程式同時開啟的請求過多。',
    remedy: '請等部分請求結束，或減少同時執行的數量。',
  },
  'cluster-unproxied': {
    message: '代理伺服器未設在此叢集之前。',
    remedy: '請用 --cluster NAME 提案，或請維運人員在 clusters.yaml 以 proxy 指定此叢集的帳號。',
  },
} as const satisfies Dictionary['refusals'];

/** Why a hard rule cannot be decided, and what to do instead. */
export const lacksZhTw = {
  kind: {
    message: '無法判定硬性規則是否適用：不知道物件的資源類型。',
    remedy: '請以 resource.version.group 指明，或詢問認識該叢集的閘門。',
  },
  content: {
    message: '無法判定硬性規則是否適用：內容未隨提案附上，或無法解讀。',
    remedy: '請附上檔案，或直接寫出內容。',
  },
  request: {
    message: '無法判定硬性規則是否適用：API 伺服器可能有不同的解讀。',
    remedy: '每個鍵與參數各送一次、內容只有一份且型別已知，並使用單純的路徑。',
  },
  nested: {
    message: '無法判定硬性規則是否適用：內層指令無法解讀。',
    remedy: '請完整寫出該指令，不要使用變數與替換。',
  },
  editor: {
    message: '無法判定硬性規則是否適用：變更要到編輯器中才決定。',
    remedy: '請以 patch 或清單提出變更。',
  },
  object: {
    message: '無法判定硬性規則是否適用：patch 的值取自現有物件。',
    remedy: '請將值直接寫入 patch。',
  },
  path: {
    message: '無法判定硬性規則是否適用：路徑有兩種讀法。',
    remedy: '路徑請勿包含 ".."、"//" 或跳脫的斜線，或改用對應的具型別指令。',
  },
  right: {
    message: '無法判定硬性規則是否適用：閘門無權讀取該物件。',
    remedy: '請授予閘門讀取該物件的權限。',
  },
  answer: {
    message: '無法判定硬性規則是否適用：叢集尚未回覆該物件的內容。',
    remedy: '請待叢集回應後再次提出指令。',
  },
} as const satisfies Dictionary['lacks'];

/** What is in the way of an executor, where without it there would be one. */

/** An action that the gate carries out, with a content that it does not send. */
export const unsentZhTw = {
  message: '閘門不執行此動作：要送出的內容在執行前無法得知，或程式的字詞中含有機密。',
  remedy: '請把變數與檔案寫明，以清單給出整個物件，或由人執行。',
} as const satisfies Dictionary['unsent'];

export const causesZhTw = {
  already: { message: '現況已是如此，沒有可核准的內容。', remedy: '請查看該物件：您要改的可能是別的東西。' },
  container: { message: '沒有這個容器。', remedy: '請指明其 pod 範本中的容器。' },
  'running-container': {
    message: '該容器未在執行。',
    remedy: '請以 `kubectl describe pod` 查看原因；容器執行後再提案。',
  },
  revision: {
    message: '歷史紀錄中沒有這個版本。',
    remedy: '請從 `kubectl rollout history` 所列的版本中選擇；更早的已被刪除。',
  },
  'sound-revision': {
    message: '沒有未曾失敗的較早版本。',
    remedy: '請提出修正（新的映像），或以 --to-revision 指明版本。',
  },
} as const satisfies Dictionary['causes'];
