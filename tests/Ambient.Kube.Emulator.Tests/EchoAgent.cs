using System.Text;
using Ambient.Kube.Emulator.Nodes;

namespace Ambient.Kube.Emulator.Tests;

/// <summary>A node whose containers log two lines and whose commands are "echo", "cat", "fail CODE" and "size".</summary>
internal sealed class EchoAgent : INodeAgent
{
    public Task<Stream> LogsAsync(LogRequest request, CancellationToken ct)
    {
        string[] lines = [$"first of {request.Pod}/{request.Container} on {request.Node}", $"second follow={request.Follow}"];
        IEnumerable<string> shown = request.TailLines is { } tail ? lines.TakeLast((int)tail) : lines;
        return Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(shown.Select(l => l + "\n")))));
    }

    public async Task<int> ExecAsync(ExecRequest request, ExecStreams streams, CancellationToken ct)
    {
        switch (request.Command[0])
        {
            case "echo":
                await streams.Output!.WriteAsync(Encoding.UTF8.GetBytes(string.Join(' ', request.Command.Skip(1)) + "\n"), ct);
                return 0;
            case "cat":
                await streams.Input!.CopyToAsync(streams.Output!, ct);
                return 0;
            case "fail":
                await streams.Error!.WriteAsync("it failed\n"u8.ToArray(), ct);
                return int.Parse(request.Command[1], System.Globalization.CultureInfo.InvariantCulture);
            default:
                throw new NodeRequestException($"{request.Command[0]}: no such file or directory");
        }
    }
}
