namespace Ambient.Routing.Resilience;

/// <param name="Reason">Why (not), for the access log.</param>
public readonly record struct RetryVerdict(bool Retry, string Reason);
