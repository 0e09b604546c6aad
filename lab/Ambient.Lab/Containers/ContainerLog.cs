using System.Text;

namespace Ambient.Lab.Containers;

/// <summary>The last lines of one run of a container, at most 1 MiB, each with the time it came.</summary>
internal sealed class ContainerLog(TimeProvider time)
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxLine = 16 * 1024;

    private readonly Lock gate = new();
    private readonly LinkedList<LogLine> lines = new();
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int bytes;
    private long nextNumber;

    public bool Ended { get; private set; }

    /// <summary>Copies what the process writes, line by line, until it and all that inherited its output are gone.</summary>
    public async Task PumpAsync(Stream output)
    {
        var buffer = new byte[8192];
        using var line = new MemoryStream();
        try
        {
            int read;
            while ((read = await output.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                Split(buffer.AsSpan(0, read), line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // As good as its end.
        }

        Take(line);
        lock (gate)
        {
            Ended = true;
            more.TrySetResult();
        }
    }

    /// <summary>Lines from a number on, the number to ask for next, and what completes when there are more.</summary>
    public (IReadOnlyList<LogLine> Lines, long Next, Task More) Read(long from)
    {
        lock (gate)
        {
            var found = new List<LogLine>();
            for (var node = lines.Last; node is not null && node.Value.Number >= from; node = node.Previous)
            {
                found.Add(node.Value);
            }

            found.Reverse();
            return (found, nextNumber, more.Task);
        }
    }

    private void Split(ReadOnlySpan<byte> text, MemoryStream line)
    {
        while (text.Length > 0)
        {
            var end = text.IndexOf((byte)'\n');
            line.Write(end < 0 ? text : text[..end]);
            if (end < 0)
            {
                if (line.Length > MaxLine)
                {
                    Take(line);
                }

                return;
            }

            Take(line, complete: true);
            text = text[(end + 1)..];
        }
    }

    private void Take(MemoryStream line, bool complete = false)
    {
        if (line.Length == 0 && !complete)
        {
            return;
        }

        var text = Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
        line.SetLength(0);
        lock (gate)
        {
            lines.AddLast(new LogLine(nextNumber++, time.GetUtcNow(), text));
            bytes += text.Length + 1;
            while (bytes > MaxBytes && lines.First is { } first)
            {
                bytes -= first.Value.Text.Length + 1;
                lines.RemoveFirst();
            }

            more.TrySetResult();
            more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
