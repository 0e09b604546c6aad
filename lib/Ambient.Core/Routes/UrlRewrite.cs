namespace Ambient.Core.Routes;

/// <summary>What is changed of the request before it goes on.</summary>
/// <param name="Authority">New authority; null keeps it.</param>
public sealed record UrlRewrite(PathRewrite? Path, string? Authority = null);
