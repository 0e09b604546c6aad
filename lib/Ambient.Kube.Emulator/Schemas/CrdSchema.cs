using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Schemas;

/// <summary>Reads a CRD's <c>openAPIV3Schema</c>.</summary>
internal static class CrdSchema
{
    private const int MaxDepth = 64;

    /// <summary>The root: apiVersion, kind and metadata are of every resource, whether the CRD names them or not.</summary>
    public static Schema ReadRoot(JsonObject? source, Schema objectMeta)
    {
        Schema root = source is null ? new Schema { Type = "object", PreserveUnknown = true } : Read(source, 0);
        root.Source = source;
        root.Properties.TryAdd("apiVersion", new Schema { Type = "string" });
        root.Properties.TryAdd("kind", new Schema { Type = "string" });
        root.Properties["metadata"] = new Schema { Target = objectMeta };
        root.Required.Remove("metadata");
        return root;
    }

    private static Schema Read(JsonObject source, int depth)
    {
        if (depth > MaxDepth)
        {
            throw ApiErrors.BadRequest("the schema is nested too deep");
        }

        var schema = new Schema
        {
            Type = source.Text("type"),
            Format = source.Text("format"),
            Description = source.Text("description"),
            Default = source.At("default")?.DeepClone(),
            Enum = source.At("enum") as JsonArray,
            Nullable = source.Flag("nullable"),
            PreserveUnknown = source.Flag("x-kubernetes-preserve-unknown-fields"),
            IntOrString = source.Flag("x-kubernetes-int-or-string"),
            EmbeddedResource = source.Flag("x-kubernetes-embedded-resource"),
            ListType = source.Text("x-kubernetes-list-type"),
            ListMapKeys = [.. source.Items("x-kubernetes-list-map-keys").Select(k => k.Plain() ?? "")],
            AtomicMap = source.Text("x-kubernetes-map-type") == "atomic",
            Checks = Checks(source, depth),
        };
        foreach ((string name, JsonNode? property) in source.Object("properties") ?? [])
        {
            schema.Properties[name] = property is JsonObject p ? Read(p, depth + 1) : new Schema();
        }

        schema.AdditionalProperties = source.At("additionalProperties") switch
        {
            JsonObject o => Read(o, depth + 1),
            JsonValue v when v.ToJsonString() == "true" => new Schema { PreserveUnknown = true },
            _ => null,
        };
        schema.Items = source.Object("items") is { } items ? Read(items, depth + 1) : null;
        schema.Required.AddRange(source.Items("required").Select(r => r.Plain() ?? ""));
        return schema;
    }

    private static Constraints? Checks(JsonObject source, int depth)
    {
        string? pattern = source.Text("pattern");
        var checks = new Constraints
        {
            Minimum = Real(source, "minimum"),
            ExclusiveMinimum = source.Flag("exclusiveMinimum"),
            Maximum = Real(source, "maximum"),
            ExclusiveMaximum = source.Flag("exclusiveMaximum"),
            MultipleOf = Real(source, "multipleOf"),
            MinLength = (int?)source.Number("minLength"),
            MaxLength = (int?)source.Number("maxLength"),
            PatternText = pattern,
            Pattern = pattern is null ? null : Compile(pattern),
            MinItems = (int?)source.Number("minItems"),
            MaxItems = (int?)source.Number("maxItems"),
            UniqueItems = source.Flag("uniqueItems"),
            MinProperties = (int?)source.Number("minProperties"),
            MaxProperties = (int?)source.Number("maxProperties"),
            AllOf = Several(source, "allOf", depth),
            AnyOf = Several(source, "anyOf", depth),
            OneOf = Several(source, "oneOf", depth),
            Not = source.Object("not") is { } not ? Read(not, depth + 1) : null,
        };
        return checks == new Constraints { AllOf = checks.AllOf, AnyOf = checks.AnyOf, OneOf = checks.OneOf }
            && checks.AllOf.Length + checks.AnyOf.Length + checks.OneOf.Length == 0 ? null : checks;
    }

    private static Schema[] Several(JsonObject source, string name, int depth) =>
        [.. source.Items(name).OfType<JsonObject>().Select(s => Read(s, depth + 1))];

    private static double? Real(JsonObject source, string name) =>
        double.TryParse(source.At(name)?.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double d) ? d : null;

    /// <summary>Patterns are written for RE2; the engine without backtracking is the one that is as safe. What it cannot take gets a time limit.</summary>
    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(100));
        }
        catch (ArgumentException e)
        {
            throw ApiErrors.BadRequest($"invalid pattern: {e.Message}");
        }
    }
}
