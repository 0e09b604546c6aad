using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2;

/// <summary>What the peer announced, with the protocol's values until then. Written by the reading thread only.</summary>
internal sealed class PeerSettings
{
    public const int DefaultWindow = 65_535;
    public const int DefaultFrameSize = 16_384;

    private const uint MaxWindow = int.MaxValue;

    public int InitialWindowSize { get; private set; } = DefaultWindow;

    public int MaxFrameSize { get; private set; } = DefaultFrameSize;

    /// <summary>Until the peer says: the 100 streams that RFC 9113 recommends as the least.</summary>
    public int MaxConcurrentStreams { get; private set; } = 100;

    public int MaxHeaderListSize { get; private set; } = int.MaxValue;

    /// <summary>Takes over all entries of one frame, in order.</summary>
    public void Apply(ReadOnlySpan<byte> payload)
    {
        for (int i = 0; i < payload.Length / SettingsFrame.EntrySize; i++)
        {
            (SettingId id, uint value) = SettingsFrame.Entry(payload, i);
            Apply(id, value);
        }
    }

    private void Apply(SettingId id, uint value)
    {
        switch (id)
        {
            case SettingId.EnablePush when value > 1:
                throw new Http2ConnectionException(ErrorCode.ProtocolError, "ENABLE_PUSH is neither 0 nor 1");
            case SettingId.MaxConcurrentStreams:
                MaxConcurrentStreams = (int)Math.Min(value, int.MaxValue);
                break;
            case SettingId.InitialWindowSize:
                InitialWindowSize = value <= MaxWindow
                    ? (int)value
                    : throw new Http2ConnectionException(ErrorCode.FlowControlError, "INITIAL_WINDOW_SIZE above 2^31-1");
                break;
            case SettingId.MaxFrameSize:
                MaxFrameSize = value is >= DefaultFrameSize and <= FrameHeader.MaxLength
                    ? (int)value
                    : throw new Http2ConnectionException(ErrorCode.ProtocolError, "MAX_FRAME_SIZE out of range");
                break;
            case SettingId.MaxHeaderListSize:
                MaxHeaderListSize = (int)Math.Min(value, int.MaxValue);
                break;
            default:
                break;
        }
    }
}
