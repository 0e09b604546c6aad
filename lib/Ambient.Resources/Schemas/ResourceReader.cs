using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Resources.Schemas;

/// <summary>Turns the spec of an object into its C# type, after checking it against the schema that the CRD has.</summary>
public static class ResourceReader
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };

    /// <summary>
    /// Every problem with <paramref name="spec"/>, paths beginning with <c>spec</c>. An unknown field is a problem too, whether the CRD
    /// keeps it or not: the caller decides what it means.
    /// </summary>
    public static IReadOnlyList<FieldProblem> Check<TSpec>(JsonNode? spec) where TSpec : class =>
        SchemaCheck.Check(spec, SchemaBuilder.For(typeof(TSpec)), "spec");

    /// <summary>Reads a spec that <see cref="Check"/> found nothing invalid in; an absent one reads as an empty one.</summary>
    public static TSpec Read<TSpec>(JsonNode? spec) where TSpec : class, new() => spec?.Deserialize<TSpec>(Options) ?? new TSpec();
}
