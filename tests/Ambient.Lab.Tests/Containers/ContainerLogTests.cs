using System.Text;
using Ambient.Lab.Containers;

namespace Ambient.Lab.Tests.Containers;

public sealed class ContainerLogTests
{
    [Fact]
    public async Task Log_OfManyBytes_KeepsWholeLinesAndTheNewestMegabyte()
    {
        var log = new ContainerLog(TimeProvider.System);
        var text = new StringBuilder();
        for (var i = 0; i < 40_000; i++)
        {
            text.Append("line ").Append(i).Append(' ').Append('x', 40).Append('\n');
        }

        await log.PumpAsync(new MemoryStream(Encoding.UTF8.GetBytes(text + "no end")));

        var lines = log.Read(0).Lines;
        Assert.True(log.Ended);
        Assert.Equal("no end", lines[^1].Text);
        Assert.StartsWith("line 39999 ", lines[^2].Text, StringComparison.Ordinal);
        Assert.InRange(lines.Sum(l => l.Text.Length + 1), 1_000_000, 1024 * 1024);
        Assert.StartsWith("line ", lines[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_ReadFromANumber_GivesWhatCameSince()
    {
        var log = new ContainerLog(TimeProvider.System);
        var pipe = new System.IO.Pipelines.Pipe();
        var pump = log.PumpAsync(pipe.Reader.AsStream());
        await pipe.Writer.WriteAsync("a\nb\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var (lines, next, more) = log.Read(0);
        while (lines.Count < 2)
        {
            await more.WaitAsync(TestContext.Current.CancellationToken);
            (lines, next, more) = log.Read(0);
        }

        await pipe.Writer.WriteAsync("c\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await more.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["c"], log.Read(next).Lines.Select(l => l.Text));
        await pipe.Writer.CompleteAsync();
        await pump;
    }
}
