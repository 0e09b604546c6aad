using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2;

/// <summary>A fault of the whole connection (RFC 9113 §5.4.1): leads to GOAWAY with this code.</summary>
internal sealed class Http2ConnectionException : Exception
{
    public Http2ConnectionException(ErrorCode code, string reason)
        : base(reason)
    {
        Code = code;
    }

    public ErrorCode Code { get; }
}
