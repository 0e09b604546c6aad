using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Tests.Fuzzing;

internal sealed class RecordingSink : IFrameSink
{
    private string _data = "";

    public List<string> Events { get; } = [];

    public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload) => Events.Add($"{header} {Convert.ToHexString(payload)}");

    public void OnUnknown(in FrameHeader header) => Events.Add($"unknown {header}");

    public void OnDataBegin(in FrameHeader header) => _data = $"{header} ";

    public void OnDataBytes(ReadOnlySpan<byte> bytes) => _data += Convert.ToHexString(bytes);

    public void OnDataEnd(int padding) => Events.Add($"{_data} +{padding}");
}
