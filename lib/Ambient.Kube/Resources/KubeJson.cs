using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ambient.Kube.Resources;

/// <summary>How objects are read and written: camelCase, nulls and empty collections left out, times as the server wants them.</summary>
public static class KubeJson
{
    /// <summary>Generated code for the resources here, reflection for those that other projects add.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new TimeConverter(), new PooledStringConverter() },
            TypeInfoResolver = JsonTypeInfoResolver
                .Combine(KubeJsonContext.Default, new DefaultJsonTypeInfoResolver())
                .WithAddedModifier(OmitEmptyCollections),
        };
        options.MakeReadOnly();
        return options;
    }

    // A Go server reads an empty list and an absent one alike, but server-side apply would own the empty one.
    private static void OmitEmptyCollections(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType)
                && !typeof(System.Text.Json.Nodes.JsonNode).IsAssignableFrom(property.PropertyType)
                && property.PropertyType != typeof(byte[]))
            {
                property.ShouldSerialize = static (_, value) => value is IEnumerable items && items.GetEnumerator().MoveNext();
            }
            else if (property.Name is "apiVersion" or "kind" or "name" && property.PropertyType == typeof(string))
            {
                property.ShouldSerialize = static (_, value) => value is string { Length: > 0 };
            }
        }
    }
}
