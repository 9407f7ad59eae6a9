import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';

/** What operators can search migrations by (`CutoverStatus = "parked"`). Registered on the server before use. */
export const searchAttributes = {
  stage: defineSearchAttributeKey('CutoverStage', SearchAttributeType.KEYWORD),
  status: defineSearchAttributeKey('CutoverStatus', SearchAttributeType.KEYWORD),
  failedStage: defineSearchAttributeKey('CutoverFailedStage', SearchAttributeType.KEYWORD),
  migration: defineSearchAttributeKey('CutoverMigration', SearchAttributeType.KEYWORD),
};

/** Their names, for registration. */
export const SEARCH_ATTRIBUTE_NAMES = Object.values(searchAttributes).map(({ name }) => name);
