namespace Ambient.Core.Routes;

/// <summary>The query is never touched.</summary>
/// <param name="Pattern">RE2, for <see cref="PathRewriteKind.Regex"/>; not anchored.</param>
public sealed record PathRewrite(PathRewriteKind Kind, string Value, string Pattern = "");
