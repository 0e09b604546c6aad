using System.Collections.Immutable;
using System.Globalization;

namespace Ambient.Shop.Loading;

/// <summary>What is sent, how often and by how many at a time.</summary>
internal sealed record LoadOptions(Uri Url)
{
    public const string Usage =
        "usage: ambient-shop load URL [--requests N] [--concurrency N] [--method M] [--header NAME:VALUE]… [--body TEXT] [--timeout MS] [--interval MS] [--http2]";

    public string Method { get; init; } = "GET";

    public int Requests { get; init; } = 100;

    public int Concurrency { get; init; } = 8;

    public int TimeoutMs { get; init; } = 30_000;

    /// <summary>Milliseconds between two requests of a row.</summary>
    public int IntervalMs { get; init; }

    public bool Http2 { get; init; }

    public string? Body { get; init; }

    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static LoadOptions Read(IReadOnlyList<string> args)
    {
        var options = args is [var url, ..] && Uri.TryCreate(url, UriKind.Absolute, out Uri? target) ? new LoadOptions(target) : throw new FormatException(Usage);
        for (int i = 1; i < args.Count; i++)
        {
            if (args[i] == "--http2")
            {
                options = options with { Http2 = true };
                continue;
            }

            string value = i + 1 < args.Count ? args[++i] : throw new FormatException($"{args[i]} needs a value");
            options = args[i - 1] switch
            {
                "--requests" => options with { Requests = Number(args[i - 1], value) },
                "--concurrency" => options with { Concurrency = Math.Max(1, Number(args[i - 1], value)) },
                "--timeout" => options with { TimeoutMs = Number(args[i - 1], value) },
                "--interval" => options with { IntervalMs = Number(args[i - 1], value) },
                "--method" => options with { Method = value },
                "--body" => options with { Body = value },
                "--header" => options with { Headers = options.Headers.Add(Header(value)) },
                var other => throw new FormatException($"{other} is no option\n{Usage}"),
            };
        }

        return options;
    }

    private static int Number(string name, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 10_000_000
        ? number
        : throw new FormatException($"{name} '{text}' is no number");

    private static (string, string) Header(string text) => text.Split(':', 2) is [{ Length: > 0 } name, var value]
        ? (name.Trim(), value.Trim())
        : throw new FormatException($"--header '{text}': NAME:VALUE");
}
