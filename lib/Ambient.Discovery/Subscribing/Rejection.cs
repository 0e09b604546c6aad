namespace Ambient.Discovery.Subscribing;

/// <summary>A resource that was not applied.</summary>
/// <param name="Name">Resource name on the wire: a workload's uid, a service's or policy's key, a pod's uid.</param>
/// <param name="Reason">Names the field.</param>
public sealed record Rejection(string Name, string Reason);
