// What `blastgate COMMAND --help` says, in Traditional Chinese.
import type { HelpWords } from './help.ts';

export const helpZhTw = {
  about: '自動化與 Kubernetes 叢集之間的安全閘門。',
  usage: '用法',
  oneOfThem: '執行 `blastgate help COMMAND` 可查看其選項、範例與結束代碼。',
  options: '選項',
  example: '範例',
  exitCodes: '結束代碼',
  exits: {
    done: '已完成',
    auto: 'auto：不需任何人核准即執行',
    broken: '發生失敗；stderr 的訊息說明原因',
    usage: '選項或字詞有誤',
    'not-proven': '未發現問題，但並非所有項目都能檢查',
    disproven: '它可以繞過閘門變更叢集',
    human: 'human：必須由一人核准；或為 auto 但無法執行',
    dual: 'dual：必須由兩人核准',
    blocked: 'blocked：永不執行',
    refused: '閘門拒絕受理此提案',
  },
  common: {
    output: '答案的輸出格式',
    policy: '政策檔，取代 BLASTGATE_POLICY 或內建政策',
    namespace: '指令未指明命名空間時使用的命名空間',
    command: '以一行 shell 寫出的指令，取代 -- 之後的字詞',
    request: '存有一個 Kubernetes API 請求（一個 JSON 物件）的檔案，用來代替指令',
    stdin: '由標準輸入每行讀取一個指令，每行輸出一個 JSON 物件',
    help: '顯示這段說明',
  },
  commands: {
    score: { summary: '計算指令的爆炸半徑，不詢問叢集', options: {} },
    evaluate: {
      summary: '將指令封存為宣告式規格',
      options: {
        explain: '另外列出受影響的物件與依賴它們的物件',
        diff: '只印出會改變的內容（YAML 差異）；需要 --kubeconfig',
        window: '此變更停滯多久即視為失敗：5 到 3600 秒，未指定時依閘門設定',
        incident: '規格所屬的事件',
        cluster: '規格所屬叢集的名稱；政策可為其另訂規則',
        kubeconfig: '向此叢集查詢事實；未指定時不詢問任何叢集',
      },
    },
    propose: {
      summary: '向執行中的閘門提案',
      options: {
        incident: '指令所屬的事件（必填）',
        diagnosis: '你認為的問題所在；只給人閱讀',
        window: '此變更停滯多久即視為失敗：5 到 3600 秒，未指定時依閘門設定',
        cluster: '閘門管理多個叢集時，此提案所屬的叢集',
        wait: '等到提案結束，並將各步驟輸出到 stderr',
      },
    },
    status: { summary: '提案的狀態與所等待的事項', options: {} },
    list: {
      summary: '列出提案，由新到舊',
      options: {
        state: '只列出此狀態的提案；`blastgate explain` 列出所有狀態',
        incident: '只列出此事件的提案',
        limit: '每頁筆數：1 到 200，未指定時為 50',
        cursor: '下一頁，如前一頁最後一行所示',
      },
    },
    show: { summary: '提案的計畫、計分依據、投票與歷程', options: {} },
    approve: {
      summary: '核准提案',
      options: {
        digest: '你讀過的摘要值，或其前 6 個以上的數字',
        reason: '原因；會與投票一起保存',
      },
    },
    reject: {
      summary: '否決提案；一票即否決',
      options: {
        reason: '不得執行的原因（必填）',
        digest: '你讀過的摘要值，或其前 6 個以上的數字',
      },
    },
    'break-glass': {
      summary: '緊急時由一人代替所有缺少的核准；會通知所有人，並永久標記',
      options: { digest: '摘要值或其開頭數字；省略時使用目前的摘要值', reason: '為何不能等待' },
    },
    cancel: { summary: '在核准前撤回提案', options: {} },
    outcomes: {
      summary: '已寫入叢集的動作結果如何',
      options: {
        shadow: '影子模式中只觀察的請求，依閘門原本會給的判定',
        limit: '每頁筆數：1 到 200，未指定時為 50',
        cursor: '下一頁，如前一頁最後一行所示',
      },
    },
    pause: { summary: '不再開始新的動作；回滾照常進行', options: { cluster: '只限多個叢集中的這一個' } },
    resume: { summary: '重新開始工作', options: { cluster: '只限多個叢集中的這一個' } },
    audit: {
      summary: '列出、驗證、匯出或封存稽核紀錄',
      options: {
        incident: 'list：只列出此事件的紀錄',
        event: 'list：只列出此事件種類（voted）或此事（paused）的紀錄',
        since: 'list 與 export：只列出此時間之後（2026-11-26T13:00Z），或最近 30m、12h、7d 的紀錄',
        limit: 'list：只列出最新的若干筆',
        head: 'verify：紀錄必須包含這一行，如審核 issue 所印',
        format: 'export：雜湊時的 JSON 行（json，未指定時）、CEF:0（cef）或 OCSF 1.3.0（ocsf）',
        until: 'export：只匯出此時間之前（2026-11-26T13:00Z），或早於 30m、12h、7d 的紀錄',
        out: 'export：寫入此新檔案，只有擁有者可讀取',
        before: 'prune：此時間之前（2026-11-26T13:00Z）或早於 90d 的紀錄移入封存',
        archive: 'prune：封存所在的資料夾（BLASTGATE_DATA 中的 archive）；verify：一併驗證封存並與紀錄相接',
        'archive-from': 'verify：封存中所保留的第一行；其之前的行可以不在',
      },
    },
    policy: {
      summary: '檢查政策檔、以標準案例測試政策，或說明依政策誰可以核准某指令',
      options: {
        as: '將提出此指令的代理程式或人員：其本人與代理程式的負責人不計入',
        cluster: 'explain：指令所屬的叢集，計入政策與 BLASTGATE_CLUSTERS 中該叢集自己的規定',
      },
    },
    replay: {
      summary: '讀取稽核日誌，統計閘門對其中每個操作會如何回應',
      options: {
        shadow: '讀取執行中的閘門在影子模式觀察到的請求，代替檔案',
        against: '第二個政策檔：並列出與它不同的每個層級及原因',
        html: '並將報告寫入此檔案，成為一個不需網路的頁面',
      },
    },
    explain: { summary: '代碼的意義與處理方式；未指定代碼時列出全部', options: {} },
    doctor: {
      summary: '檢查叢集、資料庫、forge、聊天、人員與時鐘；或某代理程式能否繞過閘門',
      options: { agent: '改為證明此 kubeconfig 的身分能否繞過閘門變更叢集' },
    },
    'guard-executor': {
      summary: '印出讓 API server 在閘門帳號寫入前先詢問閘門的物件',
      options: {
        'next-ca': '建立下一個 CA；此後兩者皆受信任',
        'switch-ca': '此後使用下一個 CA',
        client: '改為印出 API server 證明自己身分的檔案',
        account: '閘門的帳號；未指定時為 system:serviceaccount:blastgate:blastgate',
        cluster: '在閘門管理多個叢集時，指明由哪個叢集的 API server 詢問',
      },
    },
    store: { summary: '檢查閘門儲存的內容是否完整，或複製到另一個空的儲存處', options: {} },
    login: { summary: '產生一個連結，供某人登入主控台一次', options: {} },
    token: { summary: '產生新的 bearer token 及 people.yaml 所需的雜湊', options: {} },
    kubeconfig: {
      summary: '印出代理程式經由代理伺服器連到叢集所用的 kubeconfig',
      options: {
        incident: '所有寫入都屬於此事件；未指定時屬於該代理程式當日的事件',
        cluster: '只針對此叢集；若未指定，則為代理伺服器所在的每個叢集各產生一個 context',
      },
    },
    completion: { summary: 'bash、zsh 或 fish 的自動補全', options: {} },
    serve: {
      summary: '執行閘門',
      options: {
        cluster: '此叢集的名稱；規格會顯示，政策可為其另訂規則',
        window: '變更停滯多久即視為失敗：5 到 3600 秒，未指定時為 120',
        shadow: '只觀察：經由代理的請求以代理程式的權限通過（docs/shadow.md）',
        'max-age': '對叢集所知的內容最多可多舊：15 到 600 秒，未指定時為 60',
      },
    },
    mcp: { summary: '透過標準輸入與輸出為代理程式提供工具（MCP）', options: {} },
    demo: {
      summary: '啟動附沙箱叢集的閘門並演示其故事',
      options: {
        once: '演示後即結束；有任一期望不符時結束代碼不為 0',
        story: 'approvals：演示團隊、凍結與緊急破窗，之後即結束',
      },
    },
    sandbox: {
      summary: '單獨啟動沙箱叢集',
      options: {
        port: '監聽的連接埠；未指定時使用空閒的連接埠',
        kubeconfig: '寫入其 kubeconfig 的檔案',
      },
    },
  },
} as const satisfies HelpWords;
