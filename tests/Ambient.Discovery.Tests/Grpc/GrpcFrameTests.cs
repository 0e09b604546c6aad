using System.Buffers;
using System.IO.Pipelines;
using Ambient.Discovery.Grpc;
using Google.Rpc;

namespace Ambient.Discovery.Tests.Grpc;

public sealed class GrpcFrameTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ByteByByte_MessagesComeWhole()
    {
        var frames = new ArrayBufferWriter<byte>();
        GrpcFrame.Write(frames, new Status { Code = 1 });
        GrpcFrame.Write(frames, new Status());
        GrpcFrame.Write(frames, new Status { Message = new string('x', 300) });
        var pipe = new Pipe();
        Task writing = TrickleAsync(pipe.Writer, frames.WrittenMemory.ToArray());
        Assert.Equal(1, (await ReadAsync(pipe.Reader))!.Code);
        Assert.Equal("", (await ReadAsync(pipe.Reader))!.Message);
        Assert.Equal(300, (await ReadAsync(pipe.Reader))!.Message.Length);
        Assert.Null(await ReadAsync(pipe.Reader));
        await writing;
    }

    [Fact]
    public void Write_Message_HasFlagAndBigEndianLength()
    {
        var frame = new ArrayBufferWriter<byte>();
        GrpcFrame.Write(frame, new Status { Message = new string('x', 300) });
        Assert.Equal("000000012F", Convert.ToHexString(frame.WrittenSpan[..5]));
    }

    [Theory]
    [InlineData("0100000000", GrpcStatus.Unimplemented)]
    [InlineData("00000003E9", GrpcStatus.ResourceExhausted)]
    [InlineData("00FFFFFFFF", GrpcStatus.ResourceExhausted)]
    [InlineData("0000000005AA", GrpcStatus.Internal)]
    [InlineData("000000", GrpcStatus.Internal)]
    [InlineData("0000000002FFFF", GrpcStatus.Internal)]
    public async Task Read_Broken_EndsTheCall(string hex, GrpcStatus status)
    {
        var input = PipeReader.Create(new ReadOnlySequence<byte>(Convert.FromHexString(hex)));
        Assert.Equal(status, (await Assert.ThrowsAsync<GrpcException>(async () => await ReadAsync(input))).Status);
    }

    [Theory]
    [InlineData("plain text")]
    [InlineData("100 % ≠ \n tab\t")]
    [InlineData("")]
    public void Text_AnyMessage_ComesBack(string text)
    {
        string encoded = GrpcText.Encode(text);
        Assert.DoesNotContain(encoded, c => c is < ' ' or > '~');
        Assert.Equal(text, GrpcText.Decode(encoded));
    }

    private static ValueTask<Status?> ReadAsync(PipeReader input) => GrpcFrame.ReadAsync(input, Status.Parser, 1000, Ct);

    private static async Task TrickleAsync(PipeWriter output, byte[] bytes)
    {
        foreach (byte b in bytes)
        {
            await output.WriteAsync(new[] { b }, Ct);
        }

        await output.CompleteAsync();
    }
}
