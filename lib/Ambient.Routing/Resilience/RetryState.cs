namespace Ambient.Routing.Resilience;

/// <summary>Where a request stands when an attempt has ended.</summary>
public sealed record RetryState
{
    public required string Method { get; init; }

    /// <summary>Attempts so far, at least 1.</summary>
    public required int Attempts { get; init; }

    /// <summary>The body is empty or kept whole (64 KiB at most), so that it can be sent again.</summary>
    public bool BodyReplayable { get; init; } = true;

    /// <summary>Something of an answer has gone to the caller.</summary>
    public bool AnswerStarted { get; init; }

    /// <summary>The request's deadline has passed.</summary>
    public bool Late { get; init; }
}
