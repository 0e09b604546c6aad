namespace Ambient.Core.Routes;

/// <summary>What is null is the system's.</summary>
public sealed record TcpKeepAlive(int? Probes, TimeSpan? Time, TimeSpan? Interval);
