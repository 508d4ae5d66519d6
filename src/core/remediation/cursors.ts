// Names of the small values that are kept of a proposal beside its row, and go with it.

/** What its card in the chats said last. */
export function chatCardCursor(proposal: string): string {
  return `chat-card:${proposal}`;
}

/** Which comments on its review issue did not count. */
export function reviewNotesCursor(proposal: string): string {
  return `review-notes:${proposal}`;
}

/** Since when its review issue says again what the gate wrote, where somebody had changed it. */
export function issueTextCursor(proposal: string): string {
  return `issue-text:${proposal}`;
}

/** All of them. */
export function cursorsOf(proposal: string): readonly string[] {
  return [chatCardCursor(proposal), reviewNotesCursor(proposal), issueTextCursor(proposal)];
}
