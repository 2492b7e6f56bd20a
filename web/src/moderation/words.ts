// What codes are called here.
import type { ReviewDecision, ReviewStatus, SafetyReason } from "../operations";

export const STATUSES: Readonly<Record<ReviewStatus, string>> = {
  UNCLASSIFIED: "not judged yet",
  AUTO_APPROVED: "found harmless by machines",
  PENDING_REVIEW: "waits for a person",
  ESCALATED: "passed on",
  APPROVED: "approved",
  REJECTED: "rejected",
  SHADOW_BANNED: "shadow-banned",
};

export const REASONS: Readonly<Record<SafetyReason, string>> = {
  SPAM: "spam",
  NSFW: "sensitive",
  TOXICITY: "toxic",
  BOT: "bot",
  LOW_QUALITY: "low quality",
  REPORTED: "reported",
  POLICY: "policy",
  UNCLASSIFIED: "not judged",
};

export interface Choice {
  readonly decision: ReviewDecision;
  readonly key: string;
  readonly label: string;
  readonly done: string;
  readonly reasons: readonly string[];
}

export const CHOICES: readonly Choice[] = [
  {
    decision: "APPROVE",
    key: "a",
    label: "Approve",
    done: "Approved",
    reasons: ["Within the rules", "Quoted or reported speech", "A false alarm of the classifier"],
  },
  {
    decision: "REJECT",
    key: "r",
    label: "Reject",
    done: "Rejected",
    reasons: ["Spam or a scam", "Insults or threatens", "Sexual content without a mark", "Against the law"],
  },
  {
    decision: "SHADOW_BAN",
    key: "s",
    label: "Shadow-ban",
    done: "Shadow-banned",
    reasons: ["Part of a spam ring", "A machine posing as a person", "Evades an earlier decision"],
  },
  {
    decision: "ESCALATE",
    key: "e",
    label: "Escalate",
    done: "Passed on",
    reasons: ["Needs a second opinion", "Needs a legal opinion", "Someone may be in danger"],
  },
  {
    decision: "CLEAR",
    key: "u",
    label: "Undo",
    done: "Taken back",
    reasons: ["Decided by mistake", "New facts"],
  },
];

export function choiceOf(decision: ReviewDecision): Choice | undefined {
  return CHOICES.find((choice) => choice.decision === decision);
}
