namespace Ambient.Ztunnel.Admin;

/// <summary>A request as far as anybody here looks at it.</summary>
internal readonly record struct AdminRequest(string Method, string Path, string Query);
