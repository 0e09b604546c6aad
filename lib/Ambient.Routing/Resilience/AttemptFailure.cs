namespace Ambient.Routing.Resilience;

/// <summary>How an attempt ended without an answer.</summary>
public enum AttemptFailure
{
    /// <summary>There is an answer.</summary>
    None,

    /// <summary>No connection: nothing was sent.</summary>
    Connect,

    /// <summary>The backend said that it did not begin (REFUSED_STREAM, GOAWAY below the stream).</summary>
    RefusedStream,

    /// <summary>The connection broke before anything of the request was sent.</summary>
    ResetBeforeRequest,

    /// <summary>The connection or stream broke after that.</summary>
    Reset,

    /// <summary>The time for one attempt was over.</summary>
    Timeout,
}
