using System.Diagnostics.CodeAnalysis;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>Their meaning depends on the type: 0x1 is END_STREAM on DATA and HEADERS, ACK on SETTINGS and PING.</summary>
[Flags]
[SuppressMessage("Design", "CA1069", Justification = "The wire gives one bit two meanings.")]
internal enum FrameFlags : byte
{
    None = 0,
    EndStream = 0x1,
    Ack = 0x1,
    EndHeaders = 0x4,
    Padded = 0x8,
    Priority = 0x20,
}
