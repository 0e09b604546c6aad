using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Controlling;

/// <summary>Pod templates, kept as JSON so that no field is lost on the way from a Deployment to its pods.</summary>
internal static class Templates
{
    // Kubernetes' own alphabet for such names: no vowels, so no words.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Ten characters that are the same for the same template, whatever the order of its fields.</summary>
    public static string Hash(JsonObject? template)
    {
        var text = new StringBuilder();
        Canonical(template, text);
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return string.Create(10, bytes, static (name, b) =>
        {
            for (var i = 0; i < name.Length; i++)
            {
                name[i] = Alphabet[b[i] % Alphabet.Length];
            }
        });
    }

    /// <summary>A pod from a template: its own name or prefix, more labels, an owner and maybe a node.</summary>
    public static JsonObject Pod(JsonObject? template, string @namespace, (string? Name, string? Prefix) name, IReadOnlyDictionary<string, string> labels, JsonObject owner)
    {
        var metadata = (JsonObject?)template?["metadata"]?.DeepClone() ?? [];
        metadata["namespace"] = @namespace;
        metadata.Remove("creationTimestamp");
        metadata.Remove("name");
        if (name.Name is not null)
        {
            metadata["name"] = name.Name;
        }
        else
        {
            metadata["generateName"] = name.Prefix;
        }

        AddLabels(metadata, labels);
        metadata["ownerReferences"] = new JsonArray(owner);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = template?["spec"]?.DeepClone() ?? new JsonObject(),
        };
    }

    public static void AddLabels(JsonObject metadata, IReadOnlyDictionary<string, string> labels)
    {
        if (metadata["labels"] is not JsonObject present)
        {
            metadata["labels"] = present = [];
        }

        foreach (var (key, value) in labels)
        {
            present[key] = value;
        }
    }

    /// <summary>A number, or a percentage of <paramref name="of"/> rounded up or down.</summary>
    public static int Resolve(IntOrString? value, int of, bool up, int otherwise)
    {
        if (value is not { } given || (given.Number is null && given.Text is null))
        {
            return otherwise;
        }

        if (given.Number is { } number)
        {
            return number;
        }

        if (!int.TryParse(given.Text!.TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture, out var percent))
        {
            return otherwise;
        }

        var exact = of * percent / 100.0;
        return (int)(up ? Math.Ceiling(exact) : Math.Floor(exact));
    }

    private static void Canonical(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject value:
                text.Append('{');
                foreach (var (key, member) in value.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    text.Append(key).Append(':');
                    Canonical(member, text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                foreach (var item in items)
                {
                    Canonical(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }
}
