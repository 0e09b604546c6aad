namespace Ambient.Core.Routes;

/// <summary>Faults injected before anything is forwarded; delay and abort are drawn apart.</summary>
public sealed record FaultPolicy(FaultDelay? Delay, FaultAbort? Abort);
