using Ambient.Core.Routes;

namespace Ambient.Routing.Matching;

internal sealed class CompiledNamed(string what, NamedMatch match)
{
    public string Name { get; } = match.Name;

    public CompiledText Value { get; } = new(match.Value);

    public string Words { get; } = $"{what} {match.Name}";
}
