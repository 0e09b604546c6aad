namespace Ambient.Core.Routes;

/// <summary>A copy of the request whose answer is thrown away.</summary>
/// <param name="Percentage">0 to 100.</param>
public sealed record RouteMirror(BackendTarget Target, double Percentage = 100);
