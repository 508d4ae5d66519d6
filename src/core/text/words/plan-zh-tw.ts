// What a sealed plan says in Traditional Chinese: what will be true, under which conditions, and how it is undone.
import type { Dictionary } from './dictionary.ts';

export const planZhTw = {
  constraints: {
    'dry-run-passed': '第一次寫入前，API 伺服器已接受每一步的試跑。',
    'target-unchanged': '每個物件仍是封存時的那一個：同一叢集、同一組、同一 uid、同樣的欄位。',
    'approvals-complete': '核准齊全[，且未超過 {validFor}]。',
    'single-writer': '沒有其他修復正在寫入同一工作負載。',
    'converges-in-window':
      '寫入後必須全部恢復健康[，並維持 {soak}]；超過工作負載的進度期限[（至少 {window}）]仍無進展，則回滾。',
    'way-back-exists': '開始回滾前，回滾必須仍如封存時可行。',
  },
  noRollback: {
    'changes-nothing': '不改變任何事，無需回滾。',
    'not-asked': '未詢問叢集，因此不知道要回滾到什麼。',
    'not-found': '無：在叢集中看不到要變更的物件[：{subject}]。',
    'controller-returns': '不需要：其控制器[（{subject}）]會啟動另一個 Pod 取代。',
    'controller-unknown': '無：閘門不知道其控制器[（{subject}）]是否會啟動另一個 Pod。將通知人員。',
    'finished-pod': '不需要：此 Pod 已結束，沒有在執行[：{subject}]。',
    'bare-pod': '無：沒有控制器會重建此 Pod[：{subject}]。將通知人員。',
    'no-revision': '無：歷史中沒有目前的版本[：{subject}]。將通知人員。',
    'no-history': '無：不保留舊版本[：{subject}]（revisionHistoryLimit 0）。將通知人員。',
    'no-inverse': '無：此類變更沒有能精確指名的反向動作[：{subject}]。',
  },
  noDryRun: '伺服器端不試跑：此請求不支援 dry run',
  targetState: {
    replicas: '{subject} 有 {wanted} 個副本',
    'replicas-now': '{subject} 有 {wanted} 個副本（目前 {now}）',
    images: '{subject} 執行 {wanted}',
    restart: '{subject} 的每個 Pod 都已由相同範本的新 Pod 取代',
    revision: '{subject} 再次執行版本 {wanted} 的範本[（{images}）]',
    'revision-before': '{subject} 再次執行目前版本之前的範本',
    absence: '{subject} 不再存在',
    'absence-returns': '{subject} 已消失，{controller} 已建立另一個取代',
    'absence-bare': '{subject} 已消失，且不會重建',
    other: '{subject} 如指令所述（{wanted}）',
    more: '以及另外 {wanted} 個',
    nothing: '沒有改變',
    opaque: '未知：指令無法解析',
  },
  separator: '；',
} as const satisfies Partial<Dictionary>;
