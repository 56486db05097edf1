// Tags that people gave, without those that say how a run came about.

/**
 * @param {Record<string, string>} tags
 * @returns {[string, string][]}
 */
export function ownTags(tags) {
  return Object.entries(tags).filter(([key]) => !/^(mlflow|sweeper)\./.test(key));
}
