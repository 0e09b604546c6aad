using System.Globalization;

namespace Ambient.Lab.Commands;

/// <summary>What the outer half of <c>lab up</c> tells the inner one on its command line.</summary>
internal sealed record InnerArguments
{
    /// <summary>The API server's socket, bound outside.</summary>
    public required int ApiFd { get; init; }

    public required string State { get; init; }

    public int Nodes { get; init; } = 2;

    public AddressFamilies Families { get; init; }

    public bool Mesh { get; init; }

    public bool Demo { get; init; }

    public bool Once { get; init; }

    /// <summary>Each <c>name=value</c>: words that no option of the command line is mistaken for.</summary>
    public IReadOnlyList<string> Format() =>
    [
        string.Create(CultureInfo.InvariantCulture, $"api-fd={ApiFd}"), $"state={State}", string.Create(CultureInfo.InvariantCulture, $"nodes={Nodes}"),
        $"families={Families}", $"mesh={Mesh}", $"demo={Demo}", $"once={Once}",
    ];

    /// <exception cref="ArgumentException">Not what <see cref="Format"/> writes.</exception>
    public static InnerArguments Parse(IReadOnlyList<string> arguments)
    {
        var values = arguments.Select(a => a.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        string Get(string name) => values.GetValueOrDefault(name) ?? throw new ArgumentException($"{name} is missing: `lab run` is for `lab up` alone");
        return new InnerArguments
        {
            ApiFd = int.Parse(Get("api-fd"), CultureInfo.InvariantCulture),
            State = Get("state"),
            Nodes = int.Parse(Get("nodes"), CultureInfo.InvariantCulture),
            Families = Enum.Parse<AddressFamilies>(Get("families")),
            Mesh = bool.Parse(Get("mesh")),
            Demo = bool.Parse(Get("demo")),
            Once = bool.Parse(Get("once")),
        };
    }
}
