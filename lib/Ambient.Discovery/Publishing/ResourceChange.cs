namespace Ambient.Discovery.Publishing;

/// <summary>One resource of a type, before and after; null where there is none.</summary>
internal readonly record struct ResourceChange(string TypeUrl, string Name, PublishedResource? Before, PublishedResource? After);
