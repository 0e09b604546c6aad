namespace Ambient.Kube.Http;

/// <summary>A token that TokenRequest gave.</summary>
public sealed record TokenGrant(string Token, DateTimeOffset? Expires);
