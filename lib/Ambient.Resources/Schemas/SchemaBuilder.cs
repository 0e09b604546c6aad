using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ambient.Resources.Schemas;

/// <summary>C# type → schema, by reflection, once a type.</summary>
internal static class SchemaBuilder
{
    private static readonly ConcurrentDictionary<Type, FieldSchema> Built = new();

    public static FieldSchema For(Type type) => Built.GetOrAdd(type, static t => OfClass(t));

    private static FieldSchema OfClass(Type type)
    {
        var properties = new List<KeyValuePair<string, FieldSchema>>();
        var required = new List<string>();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is not null)
            {
                continue;
            }

            string name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
                ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            properties.Add(new(name, OfProperty(property)));
            if (property.GetCustomAttribute<LimitsAttribute>() is { Required: true })
            {
                required.Add(name);
            }
        }

        return new FieldSchema
        {
            Type = FieldType.Object,
            Description = type.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "",
            Properties = [.. properties],
            Required = [.. required],
            Open = type.GetCustomAttribute<OpenAttribute>() is not null,
        };
    }

    private static FieldSchema OfProperty(PropertyInfo property)
    {
        var schema = property.GetCustomAttribute<IntOrStringAttribute>() is not null
            ? new FieldSchema { Type = FieldType.IntOrString }
            : OfType(property.PropertyType);
        string description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? schema.Description;
        schema = schema with { Description = description };
        if (property.GetCustomAttribute<OneOfAttribute>() is { } oneOf)
        {
            schema = schema with { OneOf = [.. oneOf.Values] };
        }

        return property.GetCustomAttribute<LimitsAttribute>() is { } limits ? Limited(schema, limits) : schema;
    }

    private static FieldSchema Limited(FieldSchema schema, LimitsAttribute limits)
    {
        int? maxItems = limits.MaxItems >= 0 ? limits.MaxItems : null;
        int? maxLength = limits.MaxLength >= 0 ? limits.MaxLength : null;
        return schema.Type switch
        {
            FieldType.Array => schema with { MaxItems = maxItems, Items = schema.Items! with { MaxLength = maxLength } },
            FieldType.Object => schema with
            {
                MaxItems = maxItems,
                Values = schema.Values is null ? null : schema.Values with { MaxLength = maxLength },
            },
            _ => schema with
            {
                MaxLength = maxLength,
                Minimum = double.IsNaN(limits.Minimum) ? null : limits.Minimum,
                Maximum = double.IsNaN(limits.Maximum) ? null : limits.Maximum,
            },
        };
    }

    private static FieldSchema OfType(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return new FieldSchema { Type = FieldType.Object, Values = OfType(type.GetGenericArguments()[1]) };
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return new FieldSchema { Type = FieldType.Array, Items = OfType(type.GetGenericArguments()[0]) };
        }

        if (type == typeof(JsonObject))
        {
            return new FieldSchema { Type = FieldType.Object, Values = new FieldSchema { Type = FieldType.Any } };
        }

        return Scalar(type) is { } scalar ? new FieldSchema { Type = scalar } : For(type);
    }

    private static FieldType? Scalar(Type type) =>
        type == typeof(string) ? FieldType.String
        : type == typeof(bool) ? FieldType.Boolean
        : type == typeof(int) || type == typeof(long) || type == typeof(uint) ? FieldType.Integer
        : type == typeof(double) ? FieldType.Number
        : type.IsAssignableTo(typeof(JsonNode)) ? FieldType.Any
        : null;
}
