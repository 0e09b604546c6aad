namespace Ambient.Hbone.Pool;

/// <summary>No tunnel, and where it failed.</summary>
public sealed class HboneConnectException : IOException
{
    public HboneConnectException(HboneConnectFailure failure, string message, Exception? inner = null, int? status = null)
        : base(message, inner)
    {
        Failure = failure;
        Status = status;
    }

    public HboneConnectFailure Failure { get; }

    /// <summary>The peer's answer when <see cref="Failure"/> is Status.</summary>
    public int? Status { get; }
}
