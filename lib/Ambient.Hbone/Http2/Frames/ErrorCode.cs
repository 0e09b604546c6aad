namespace Ambient.Hbone.Http2.Frames;

/// <summary>Why a stream or a connection ends before its time (RFC 9113 §7).</summary>
public enum ErrorCode
{
    NoError = 0x0,
    ProtocolError = 0x1,
    InternalError = 0x2,
    FlowControlError = 0x3,
    SettingsTimeout = 0x4,
    StreamClosed = 0x5,
    FrameSizeError = 0x6,
    RefusedStream = 0x7,
    Cancel = 0x8,
    CompressionError = 0x9,

    /// <summary>The TCP connection behind a CONNECT was reset or failed (RFC 9113 §8.5).</summary>
    ConnectError = 0xa,
    EnhanceYourCalm = 0xb,
    InadequateSecurity = 0xc,
    Http11Required = 0xd,
}
