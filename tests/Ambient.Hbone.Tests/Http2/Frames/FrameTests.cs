using System.Buffers;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Tests.Fuzzing;
using FsCheck;
using FsCheck.Fluent;

namespace Ambient.Hbone.Tests.Http2.Frames;

public class FrameTests
{
    [Fact]
    public void Header_RoundTrips() => Check.QuickThrowOnFailure(Prop.ForAll<int, ushort, int>((length, typeAndFlags, stream) =>
    {
        FrameHeader header = new(length & FrameHeader.MaxLength, (FrameType)(byte)typeAndFlags, (FrameFlags)(typeAndFlags >> 8), stream & int.MaxValue);
        byte[] bytes = new byte[FrameHeader.Size];
        header.Write(bytes);
        return FrameHeader.Read(bytes) == header;
    }));

    [Fact]
    public void RstStream_RoundTrips() => Check.QuickThrowOnFailure(Prop.ForAll<int, int>((stream, code) =>
    {
        RstStreamFrame frame = new((stream & int.MaxValue) | 1, (ErrorCode)code);
        byte[] bytes = new byte[RstStreamFrame.Size];
        return frame.Write(bytes) == bytes.Length && RstStreamFrame.Read(FrameHeader.Read(bytes), bytes.AsSpan(FrameHeader.Size)) == frame;
    }));

    [Fact]
    public void Ping_RoundTrips() => Check.QuickThrowOnFailure(Prop.ForAll<long, bool>((opaque, ack) =>
    {
        PingFrame frame = new(opaque, ack);
        byte[] bytes = new byte[PingFrame.Size];
        return frame.Write(bytes) == bytes.Length && PingFrame.Read(FrameHeader.Read(bytes), bytes.AsSpan(FrameHeader.Size)) == frame;
    }));

    [Fact]
    public void GoAway_RoundTrips() => Check.QuickThrowOnFailure(Prop.ForAll<int, int>((last, code) =>
    {
        GoAwayFrame frame = new(last & int.MaxValue, (ErrorCode)code);
        byte[] bytes = new byte[GoAwayFrame.Size];
        return frame.Write(bytes) == bytes.Length && GoAwayFrame.Read(FrameHeader.Read(bytes), bytes.AsSpan(FrameHeader.Size)) == frame;
    }));

    [Fact]
    public void WindowUpdate_RoundTrips() => Check.QuickThrowOnFailure(Prop.ForAll<int, int>((stream, increment) =>
    {
        WindowUpdateFrame frame = new(stream & int.MaxValue, increment & int.MaxValue);
        byte[] bytes = new byte[WindowUpdateFrame.Size];
        return frame.Write(bytes) == bytes.Length
            && WindowUpdateFrame.Read(FrameHeader.Read(bytes), bytes.AsSpan(FrameHeader.Size)) == frame;
    }));

    [Fact]
    public void Settings_RoundTrip() => Check.QuickThrowOnFailure(Prop.ForAll<ushort[], uint>((ids, value) =>
    {
        (SettingId, uint)[] entries = [.. (ids ?? []).Take(SettingsFrame.MaxEntries).Select(id => ((SettingId)id, value ^ id))];
        byte[] bytes = new byte[FrameHeader.Size + entries.Length * SettingsFrame.EntrySize];
        bool whole = SettingsFrame.Write(bytes, entries) == bytes.Length;
        SettingsFrame.Check(FrameHeader.Read(bytes));
        byte[] payload = bytes[FrameHeader.Size..];
        return whole && entries.Index().All(e => SettingsFrame.Entry(payload, e.Index) == e.Item);
    }));

    [Theory]
    [InlineData(0, false, "616263")]
    [InlineData(0, true, "0000000000" + "616263")]
    [InlineData(3, false, "03" + "616263" + "000000")]
    [InlineData(2, true, "02" + "0000000000" + "616263" + "0000")]
    public void HeadersFragment_IsFreedOfPaddingAndPriority(int padding, bool priority, string payload)
    {
        FrameFlags flags = (padding > 0 ? FrameFlags.Padded : 0) | (priority ? FrameFlags.Priority : 0);
        byte[] bytes = Convert.FromHexString(payload);

        ReadOnlySpan<byte> fragment = HeadersFrame.Fragment(new FrameHeader(bytes.Length, FrameType.Headers, flags, 1), bytes);

        Assert.Equal("abc"u8, fragment);
    }

    [Fact]
    public void Reader_GivesTheSameFrames_HoweverTheBytesAreCut()
    {
        Random random = new(5);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = new FrameGenerator(random).ValidFrames(random.Next(1, 12));
            RecordingSink whole = new();
            RecordingSink pieces = new();
            Feed(whole, bytes, () => bytes.Length);
            Feed(pieces, bytes, () => random.Next(1, 40));

            Assert.Equal(whole.Events, pieces.Events);
        }
    }

    private static void Feed(RecordingSink sink, byte[] bytes, Func<int> size)
    {
        FrameReader reader = new(sink, 1 << 20, 1 << 16);
        int start = 0;
        for (int end = 0; end < bytes.Length;)
        {
            end = Math.Min(bytes.Length, end + size());
            ReadOnlySequence<byte> window = new(bytes, start, end - start);
            reader.Process(ref window);
            start = end - (int)window.Length;
        }

        Assert.True(reader.AtBoundary);
    }
}
